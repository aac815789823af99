import { safePath } from '@ferry/file-store';
import { ProtocolError, type EntryKind, type Transfer } from '@ferry/protocol';
import { assertSomeAccepted, markRefused } from '../pull/refused-files';
import { transferName } from '../shown-name';
import { TransferError } from '../transfer-error';
import type { NewTransferFile } from '../transfers.repository';

/** Files and empty folders of one transfer. docs/LIMITS.md. */
export const MAX_TRANSFER_FILES = 100_000;

/** What the peer says of an entry that is to be received. */
export interface DraftEntry {
  readonly id: string;
  readonly path: string;
  readonly kind: EntryKind;
  /** Bytes; of a folder it means nothing. */
  readonly size: number;
  readonly fileId?: string;
}

/** What a draft needs of the module. */
export interface TransferDraftHost {
  /** @throws FileStoreError for a file that may not be received. */
  checkFile(file: { readonly path: string; readonly size: number }): unknown;
  /** Stores files from `firstPosition` on. */
  store(firstPosition: number, files: readonly NewTransferFile[]): Promise<void>;
  finish(figures: { readonly name: string; readonly filesTotal: number; readonly totalBytes: number }): Transfer;
  discard(): Promise<void>;
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

  /**
   * Stores files and empty folders behind those that came before; what may not be received is stored as failed.
   * @throws TransferError TOO_MANY_FILES; ProtocolError MALFORMED_MESSAGE for more bytes than can be counted.
   */
  async add(entries: readonly DraftEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const files = markRefused(entries.map(toNewFile), (file) => this.check(file));
    const position = this.count;
    this.first ??= files[0];
    this.count += files.length;
    this.bytes += files.reduce((sum, { size }) => sum + size, 0);
    this.hasAccepted ||= files.some(({ fault }) => !fault);
    if (this.count > MAX_TRANSFER_FILES) throw tooManyFiles();
    if (!Number.isSafeInteger(this.bytes)) throw new ProtocolError('MALFORMED_MESSAGE', 'more bytes than can be');
    await this.host.store(position, files);
  }

  /** @throws FileStoreError of the first file when none may be received. */
  assertSomeAccepted(): void {
    if (!this.hasAccepted && this.first) assertSomeAccepted([this.first], (file) => this.check(file));
  }

  /** Makes it a transfer and queues it. @param name default: after the first file. */
  finish(name = transferName(this.first?.path, this.count)): Transfer {
    return this.host.finish({ name, filesTotal: this.count, totalBytes: this.bytes });
  }

  /** Leaves nothing of it. */
  discard(): Promise<void> {
    return this.host.discard();
  }

  private check(file: NewTransferFile): unknown {
    return file.kind === 'folder' ? safePath(file.path) : this.host.checkFile(file);
  }
}

export function tooManyFiles(): TransferError {
  const most = MAX_TRANSFER_FILES.toLocaleString('en');
  return new TransferError(
    'TOO_MANY_FILES',
    `These are more than ${most} files: get parts of them one after the other.`,
  );
}

function toNewFile({ id: entryId, path, kind, size, fileId }: DraftEntry): NewTransferFile {
  if (kind === 'folder') return { entryId, path, kind, size: 0, fileId: null };
  return { entryId, path, kind, size, fileId: fileId ?? null };
}
