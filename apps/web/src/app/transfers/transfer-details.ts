import { ChangeDetectionStrategy, Component, computed, effect, inject, input, untracked } from '@angular/core';
import type { Transfer, TransferFile } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { SpeedPipe } from '../format/speed-pipe';
import { PagedList } from '../lists/paged-list';
import { PeersStore } from '../peers/peers-store';
import { ErrorState } from '../ui/error-state';
import { LoadMore } from '../ui/load-more';
import { sourcesNow } from './sources-now';
import { TransfersApi } from './transfers-api';

const LOOKS: Record<TransferFile['state'], { readonly icon: string; readonly word: string }> = {
  pending: { icon: 'bi-hourglass tone-muted', word: 'Waiting' },
  running: { icon: 'bi-arrow-down tone-active', word: 'In progress' },
  complete: { icon: 'bi-check-lg tone-success', word: 'Complete' },
  failed: { icon: 'bi-exclamation-triangle-fill tone-danger', word: 'Failed' },
  skipped: { icon: 'bi-skip-forward tone-muted', word: 'Skipped' },
};

/** The list needs an id of its own for each item. */
type Row = TransferFile & { readonly id: string };

/** Sources and files of one transfer. */
@Component({
  selector: 'app-transfer-details',
  imports: [BytesPipe, ErrorState, LoadMore, ShownNamePipe, SpeedPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './transfer-details.html',
})
export class TransferDetails {
  private readonly api = inject(TransfersApi);
  private readonly peers = inject(PeersStore);

  readonly transfer = input.required<Transfer>();

  private readonly id = computed(() => this.transfer().id);
  /** The files' own states change when one of these does. */
  private readonly step = computed(() => `${this.transfer().state} ${this.transfer().files.done}`);
  protected readonly list = new PagedList<Row>(async (page) => {
    const files = await this.api.files(this.id(), page);
    return { ...files, items: files.items.map((file) => ({ ...file, id: file.entryId })) };
  });
  protected readonly looks = LOOKS;
  protected readonly sources = computed(() =>
    sourcesNow(this.transfer()).map((source) => ({ ...source, name: this.peers.nameOf(source.peerId) })),
  );

  constructor() {
    let shownId: string | undefined;
    effect(() => {
      this.step();
      const id = this.id();
      untracked(() => void (shownId === id ? this.list.refresh() : this.list.load()));
      shownId = id;
    });
  }
}
