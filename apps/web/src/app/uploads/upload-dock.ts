import { LiveAnnouncer } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { formatCount } from '../format/format-count';
import { ProgressBar } from '../ui/progress-bar';
import { UploadQueue, type UploadState } from './upload-queue';
import { UploadRow } from './upload-row';

/** Rows shown at once: a folder may hold thousands of files. */
const MAX_ROWS = 100;
/** After a batch without failure the dock goes away by itself. */
const LEAVE_MS = 4000;

/** Bottom right: the files being added from this browser. */
@Component({
  selector: 'app-upload-dock',
  imports: [ProgressBar, UploadRow],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './upload-dock.html',
})
export class UploadDock {
  private readonly announcer = inject(LiveAnnouncer);
  protected readonly queue = inject(UploadQueue);

  protected readonly isOpen = signal(true);
  protected readonly busy = computed(() => this.queue.pending().length > 0);
  /** What failed comes first: it needs the user. */
  protected readonly rows = computed(() => {
    const rank = (state: string): number =>
      state === 'failed' ? 0 : state === 'sending' ? 1 : state === 'waiting' ? 2 : 3;
    return [...this.queue.uploads()].sort((a, b) => rank(a.state) - rank(b.state)).slice(0, MAX_ROWS);
  });
  protected readonly title = computed(() => {
    const failed = this.queue.failed().length;
    if (this.busy())
      return `Adding ${formatCount(this.queue.pending().length, 'file')} · ${Math.floor(this.queue.percent())} %`;
    if (failed > 0) return `${formatCount(failed, 'file')} could not be added`;
    const count = (wanted: UploadState): number => this.queue.uploads().filter(({ state }) => state === wanted).length;
    const [done, skipped] = [count('done'), count('skipped')];
    const words = [done > 0 && `${formatCount(done, 'file')} added`, skipped > 0 && `${skipped} skipped`];
    return words.filter(Boolean).join(', ') || 'Cancelled';
  });

  constructor() {
    effect((onCleanup) => {
      if (this.queue.uploads().length === 0 || this.busy()) return;
      untracked(() => void this.announcer.announce(this.title()));
      if (this.queue.failed().length > 0) return;
      const timer = setTimeout(() => this.queue.clear(), LEAVE_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }
}
