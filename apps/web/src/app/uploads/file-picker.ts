import { Injectable, inject, signal } from '@angular/core';
import { UploadIntake } from './upload-intake';

/** Opens the browser's file dialog from anywhere; the inputs themselves stand in the shell. */
@Injectable({ providedIn: 'root' })
export class FilePicker {
  private readonly intake = inject(UploadIntake);
  private readonly inputs = signal<{ readonly files: HTMLInputElement; readonly folder: HTMLInputElement } | null>(
    null,
  );

  attach(files: HTMLInputElement, folder: HTMLInputElement): void {
    this.inputs.set({ files, folder });
  }

  chooseFiles(): void {
    this.inputs()?.files.click();
  }

  chooseFolder(): void {
    this.inputs()?.folder.click();
  }

  /** Takes what was chosen, and empties the input so that the same file can be chosen again. */
  take(input: HTMLInputElement): void {
    const sources = [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || undefined }));
    void this.intake.take(sources);
    input.value = '';
  }
}
