import type { RemoteEntry, Transfer } from '@ferry/protocol';
import { assertSomeAccepted, markRefused } from '../pull/refused-files';
import { transferName } from '../shown-name';
import type { NewTransferFile } from '../transfers.repository';

/** What a draft needs of the module. */
export interface TransferDraftHost {
  /** @throws FileStoreError for a file that may not be received. */
  check(file: NewTransferFile): unknown;
  /** Stores files from `firstPosition` on. */
  store(firstPosition: number, files: readonly NewTransferFile[]): Promise<void>;
  finish(figures: { readonly name: string; readonly filesTotal: number; readonly totalBytes: number }): Transfer;
  discard(): void;
}

/**
 * A transfer whose files come page by page, each page stored at once: however many files there are, no list of them is held.
 * Nobody sees it before `finish`.
 */
export class TransferDraft {
  /** Of the files so far. */
  bytes = 0;
  private count = 0;
  private hasAccepted = false;
  private first: NewTransferFile | undefined;

  constructor(private readonly host: TransferDraftHost) {}

  /** Stores files behind those that came before; what may not be received is stored as failed. */
  async add(entries: readonly RemoteEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const described = entries.map(({ id, path, size, fileId }) => ({
      entryId: id,
      path,
      size,
      fileId: fileId ?? null,
    }));
    const files = markRefused(described, (file) => this.host.check(file));
    const position = this.count;
    this.first ??= files[0];
    this.count += files.length;
    this.bytes += files.reduce((sum, { size }) => sum + size, 0);
    this.hasAccepted ||= files.some(({ fault }) => !fault);
    await this.host.store(position, files);
  }

  /** @throws FileStoreError of the first file when none may be received. */
  assertSomeAccepted(): void {
    if (!this.hasAccepted && this.first) assertSomeAccepted([this.first], (file) => this.host.check(file));
  }

  /** Makes it a transfer and queues it. */
  finish(): Transfer {
    return this.host.finish({
      name: transferName(this.first?.path, this.count),
      filesTotal: this.count,
      totalBytes: this.bytes,
    });
  }

  /** Leaves nothing of it. */
  discard(): void {
    this.host.discard();
  }
}
