import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import { type OfferState, formatBytes } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { FileGlyph } from '../files/file-glyph';
import { BytesPipe } from '../format/bytes-pipe';
import { formatCount } from '../format/format-count';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { PagedList } from '../lists/paged-list';
import { PeersStore } from '../peers/peers-store';
import type { RemoteFile } from '../peers/peers-api';
import { StatusStore } from '../status/status-store';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { SkeletonRows } from '../ui/skeleton-rows';
import { OfferAnswers } from './offer-answers';
import { OffersApi } from './offers-api';
import { OffersStore } from './offers-store';

/** Why there is nothing to answer any more. */
const ENDS: Partial<Record<OfferState, string>> = {
  withdrawn: 'The other device has withdrawn this offer.',
  expired: 'This offer was not answered in time.',
  declined: 'This offer was declined.',
  accepted: 'This offer was accepted.',
};

/** What a peer would like to send, before anything is received. */
@Component({
  selector: 'app-offer-dialog',
  imports: [BytesPipe, DialogFrame, ErrorState, FileGlyph, LoadMore, ShownNamePipe, SkeletonRows],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './offer-dialog.html',
})
export class OfferDialog {
  private readonly id = inject(DIALOG_DATA) as string;
  private readonly api = inject(OffersApi);
  private readonly store = inject(OffersStore);
  private readonly peers = inject(PeersStore);
  private readonly status = inject(StatusStore);
  protected readonly answers = inject(OfferAnswers);
  protected readonly modal = inject(NgbActiveModal);

  protected readonly list = new PagedList<RemoteFile>((page) => this.api.files(this.id, page));
  protected readonly offer = computed(() => this.store.find(this.id));
  protected readonly heading = computed(() => `Offer of ${this.peers.nameOf(this.offer()?.peerId ?? '')}`);
  protected readonly summary = computed(() => {
    const { count, bytes } = this.offer()?.files ?? { count: 0, bytes: 0 };
    return `${formatCount(count, 'file')}, ${formatBytes(bytes)}`;
  });
  protected readonly free = computed(() => {
    const freeBytes = this.status.status()?.storage.freeBytes;
    if (freeBytes === undefined) return '';
    const left = freeBytes - (this.offer()?.files.bytes ?? 0);
    return left < 0
      ? `${formatBytes(-left)} are missing on this disk.`
      : `${formatBytes(left)} stay free on this disk.`;
  });
  /** Empty while it can be answered. */
  protected readonly end = computed(() => {
    const state = this.offer()?.state;
    return state === 'waiting' ? '' : ((state && ENDS[state]) ?? 'This offer is no longer there.');
  });

  constructor() {
    void this.list.load();
  }

  protected async answer(accept: boolean): Promise<void> {
    const offer = this.offer();
    if (!offer) return;
    if (await (accept ? this.answers.accept(offer) : this.answers.decline(offer))) this.modal.close();
  }
}
