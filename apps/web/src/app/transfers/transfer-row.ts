import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { formatBytes, type Transfer } from '@ferry/protocol';
import { BytesPipe } from '../format/bytes-pipe';
import { formatDuration } from '../format/format-duration';
import { shownName } from '../format/shown-name';
import { SpeedPipe } from '../format/speed-pipe';
import { TimeAgo } from '../format/time-ago';
import { PeersStore } from '../peers/peers-store';
import { percentOf } from '../ui/percent-of';
import { ProgressBar } from '../ui/progress-bar';
import { TransferDetails } from './transfer-details';
import { TRANSFER_LOOKS } from './transfer-look';

/** A guess from the first moments is wrong: the time left is shown only after this. */
const ETA_AFTER_MS = 3000;

export type TransferAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

@Component({
  selector: 'app-transfer-row',
  imports: [BytesPipe, ProgressBar, SpeedPipe, TimeAgo, TransferDetails],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './transfer-row.html',
  host: {
    class: 'd-block border-bottom',
    role: 'listitem',
    'data-testid': 'transfer-row',
    '[attr.data-transfer-id]': 'transfer().id',
    '[attr.data-state]': 'transfer().state',
  },
})
export class TransferRow {
  private readonly peers = inject(PeersStore);

  readonly transfer = input.required<Transfer>();
  readonly acted = output<TransferAction>();

  protected readonly isOpen = signal(false);
  protected readonly detailsId = computed(() => `transfer-${this.transfer().id}`);
  protected readonly name = computed(() => shownName(this.transfer().name));
  protected readonly look = computed(() => TRANSFER_LOOKS[this.transfer().state]);
  protected readonly percent = computed(() => percentOf(this.transfer().doneBytes, this.transfer().totalBytes));
  protected readonly barTone = computed(() => {
    const { state } = this.transfer();
    if (state === 'complete') return 'success';
    if (state === 'failed') return 'danger';
    return state === 'running' || state === 'verifying' ? 'primary' : 'muted';
  });
  protected readonly peerNames = computed(() =>
    this.transfer()
      .peerIds.map((id) => this.peers.nameOf(id))
      .join(', '),
  );
  protected readonly direction = computed(() => (this.transfer().direction === 'in' ? 'from' : 'to'));
  protected readonly exactBytes = computed(() => `${this.transfer().doneBytes} of ${this.transfer().totalBytes} bytes`);
  protected readonly resumed = computed(() => {
    const { resumedBytes, totalBytes, state } = this.transfer();
    if (resumedBytes === 0 || state === 'cancelled') return '';
    return `Resumed at ${Math.floor(percentOf(resumedBytes, totalBytes))} % (${formatBytes(resumedBytes)} not sent again)`;
  });
  protected readonly reused = computed(() => {
    const { reusedBytes, state } = this.transfer();
    return reusedBytes === 0 || state === 'cancelled' ? '' : `${formatBytes(reusedBytes)} were on this disk already`;
  });
  /** A cancelled transfer may still carry the reason it was waiting for. */
  protected readonly problem = computed(() => {
    const { error, state } = this.transfer();
    return state === 'cancelled' || !error ? undefined : shownName(error.detail);
  });
  private readonly isRunning = computed(() => this.transfer().state === 'running');
  private readonly runningSince = linkedSignal({
    source: this.isRunning,
    computation: () => performance.now(),
  });
  protected readonly eta = computed(() => {
    const { etaSeconds } = this.transfer();
    const since = this.runningSince();
    if (!this.isRunning() || etaSeconds === undefined || performance.now() - since < ETA_AFTER_MS) return '';
    return `${formatDuration(etaSeconds)} left`;
  });
  protected readonly canPause = computed(() =>
    ['queued', 'connecting', 'hashing', 'running', 'waiting-for-peer'].includes(this.transfer().state),
  );
}
