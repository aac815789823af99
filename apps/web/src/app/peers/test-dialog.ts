import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NgbActiveModal } from '@ng-bootstrap/ng-bootstrap/modal';
import type { Peer, PeerTestResult } from '@ferry/protocol';
import { DIALOG_DATA } from '../dialogs/dialog-data';
import { DialogFrame } from '../dialogs/dialog-frame';
import { formatMillis } from '../format/format-millis';
import { formatSpeed } from '../format/format-speed';
import { sentenceOf } from '../http/sentence-of';
import { PeersApi } from './peers-api';
import { type TestStep, testSteps } from './test-steps';

const ICONS: Record<TestStep['result'], string> = {
  passed: 'bi-check-circle-fill tone-success',
  failed: 'bi-x-circle-fill tone-danger',
  'not-tried': 'bi-circle tone-muted',
};
const WORDS: Record<TestStep['result'], string> = { passed: 'Passed', failed: 'Failed', 'not-tried': 'Not tried' };

@Component({
  selector: 'app-test-dialog',
  imports: [DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './test-dialog.html',
})
export class TestDialog {
  private readonly api = inject(PeersApi);
  protected readonly modal = inject(NgbActiveModal);
  protected readonly peer = inject(DIALOG_DATA) as Peer;

  protected readonly result = signal<PeerTestResult | null>(null);
  protected readonly error = signal<string | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly icons = ICONS;
  protected readonly words = WORDS;
  protected readonly millis = formatMillis;
  protected readonly steps = computed(() => {
    const result = this.result();
    return result ? testSteps(result) : [];
  });
  protected readonly summary = computed(() => {
    const result = this.result();
    if (!result) return '';
    if (!result.reachable) return result.error ?? `${this.peer.name} cannot be reached.`;
    const latency = result.latencyMs === null ? '' : `, ${formatMillis(result.latencyMs)} away`;
    const speed = result.throughputBps === undefined ? '' : `, ${formatSpeed(result.throughputBps)}`;
    return `${this.peer.name} answers${latency}${speed}.`;
  });

  constructor() {
    void this.run();
  }

  protected async run(): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.error.set(null);
    this.result.set(null);
    try {
      this.result.set(await this.api.test(this.peer.id));
    } catch (error) {
      this.error.set(sentenceOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
