import { Injectable, inject } from '@angular/core';
import type { Transfer } from '@ferry/protocol';
import { formatCount } from '../format/format-count';
import { sentenceOf } from '../http/sentence-of';
import { ToastStore } from '../toasts/toast-store';
import type { TransferAction } from './transfer-row';
import { TransfersStore } from './transfers-store';

/** What the buttons of a transfer do, with a message where the row itself does not tell the outcome. */
@Injectable({ providedIn: 'root' })
export class TransferActions {
  private readonly store = inject(TransfersStore);
  private readonly toasts = inject(ToastStore);

  /** @returns whether it worked. */
  async run(action: TransferAction, transfer: Transfer): Promise<boolean> {
    try {
      await this.call(action, transfer.id);
      if (action === 'cancel') this.toasts.success(`Cancelled “${transfer.name}”`);
      return true;
    } catch (error) {
      this.toasts.danger(sentenceOf(error));
      return false;
    }
  }

  /** Takes many finished transfers off the node's list. */
  async clear(ids: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(ids.map((id) => this.store.remove(id)));
    const failed = results.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) this.toasts.danger(`${formatCount(failed, 'transfer')} could not be removed from the list.`);
  }

  private async call(action: TransferAction, id: string): Promise<void> {
    switch (action) {
      case 'pause':
        await this.store.pause(id);
        return;
      case 'resume':
        await this.store.resume(id);
        return;
      case 'retry':
        await this.store.retry(id);
        return;
      default:
        await this.store.remove(id);
    }
  }
}
