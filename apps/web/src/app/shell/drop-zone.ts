import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Dialogs } from '../dialogs/dialogs';
import { ShownNamePipe } from '../format/shown-name-pipe';
import { droppedSources } from '../uploads/dropped-sources';
import { UploadFolder } from '../uploads/upload-folder';
import { UploadIntake } from '../uploads/upload-intake';

/** Files may be dropped anywhere in the window, or pasted. While a dialog is open both are ignored. */
@Component({
  selector: 'app-drop-zone',
  imports: [ShownNamePipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: {
    '(document:dragenter)': 'enter($event)',
    '(document:dragover)': 'over($event)',
    '(document:dragleave)': 'leave($event)',
    '(document:drop)': 'drop($event)',
    '(document:paste)': 'paste($event)',
  },
  template: `
    @if (isOver()) {
      <section class="drop-overlay" aria-label="Drop files" data-testid="drop-overlay">
        <div>
          <i class="bi bi-cloud-arrow-up display-3" aria-hidden="true"></i>
          <p class="fs-4 fw-semibold mb-0 text-break px-3">
            @if (folder(); as name) {
              Drop into “{{ name | shownName }}”
            } @else {
              Drop to share from this device
            }
          </p>
          <p class="mb-0">Only paired devices can see what you share.</p>
        </div>
      </section>
    }
  `,
})
export class DropZone {
  private readonly dialogs = inject(Dialogs);
  private readonly intake = inject(UploadIntake);
  protected readonly folder = inject(UploadFolder).path;
  protected readonly isOver = signal(false);

  protected enter(event: DragEvent): void {
    if (this.takes(event)) this.isOver.set(true);
  }

  /** Without this the browser would open the file in place of the page. */
  protected over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = this.dialogs.isOpen() ? 'none' : 'copy';
  }

  protected leave(event: DragEvent): void {
    if (event.relatedTarget === null) this.isOver.set(false); // left the window, not just one element for another
  }

  protected drop(event: DragEvent): void {
    this.isOver.set(false);
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (this.takes(event) && event.dataTransfer) void this.add(event.dataTransfer);
  }

  protected paste(event: ClipboardEvent): void {
    if (event.clipboardData && hasFiles(event.clipboardData) && !this.dialogs.isOpen()) {
      event.preventDefault();
      void this.add(event.clipboardData);
    }
  }

  private takes(event: DragEvent): boolean {
    return hasFiles(event.dataTransfer) && !this.dialogs.isOpen();
  }

  private async add(data: DataTransfer): Promise<void> {
    await this.intake.take(await droppedSources(data));
  }
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}
