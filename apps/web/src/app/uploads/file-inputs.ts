import { ChangeDetectionStrategy, Component, type ElementRef, afterNextRender, inject, viewChild } from '@angular/core';
import { FilePicker } from './file-picker';

/** The hidden inputs behind "Add files" and "Add folder". */
@Component({
  selector: 'app-file-inputs',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <input
      #files
      type="file"
      multiple
      hidden
      aria-label="Files to share"
      data-testid="file-input"
      (change)="picker.take(files)"
    />
    <input
      #folder
      type="file"
      webkitdirectory
      hidden
      aria-label="Folder to share"
      data-testid="folder-input"
      (change)="picker.take(folder)"
    />
  `,
})
export class FileInputs {
  private readonly files = viewChild.required<ElementRef<HTMLInputElement>>('files');
  private readonly folder = viewChild.required<ElementRef<HTMLInputElement>>('folder');
  protected readonly picker = inject(FilePicker);

  constructor() {
    afterNextRender(() => this.picker.attach(this.files().nativeElement, this.folder().nativeElement));
  }
}
