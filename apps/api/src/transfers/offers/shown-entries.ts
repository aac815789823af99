import { createHash } from 'node:crypto';
import { ProtocolError, type RemoteEntry } from '@ferry/protocol';

/** Entries that are remembered of one offer: as many as somebody looks at. */
const MAX_SHOWN = 2_000;
const DIGEST_BYTES = 16;

interface Shown {
  /** Of all that must stay, in one form. */
  readonly digest: string;
  /** Whether the content was known already; else it may become known. */
  readonly isHashed: boolean;
}

/** What the user has seen of an offer's files, so that nothing else can be sent when the offer is accepted. */
export class ShownEntries {
  private readonly known = new Map<string, Shown>();

  /** @throws ProtocolError MALFORMED_MESSAGE when an entry is not what it was when it was shown. */
  show(entries: readonly RemoteEntry[]): void {
    for (const entry of entries) {
      this.check(entry);
      const isHashed = entry.fileId !== undefined;
      if (this.known.size < MAX_SHOWN || this.known.has(entry.id))
        this.known.set(entry.id, { digest: digestOf(entry, isHashed), isHashed });
    }
  }

  /** @throws ProtocolError MALFORMED_MESSAGE */
  check(entry: RemoteEntry): void {
    const known = this.known.get(entry.id);
    if (known !== undefined && known.digest !== digestOf(entry, known.isHashed))
      throw new ProtocolError('MALFORMED_MESSAGE', 'a file of the offer is not what it was when it was listed before');
  }

  /** Nobody will accept it any more. */
  forget(): void {
    this.known.clear();
  }
}

function digestOf({ path, size, fileId }: RemoteEntry, isHashed: boolean): string {
  const fields = JSON.stringify([size, path, isHashed ? (fileId ?? null) : null]);
  return createHash('sha256').update(fields).digest().toString('base64', 0, DIGEST_BYTES);
}
