import { createHash } from 'node:crypto';
import { ProtocolError, type RemoteEntry } from '@ferry/protocol';

/** Entries that are remembered of one offer: as many as somebody looks at. */
const MAX_SHOWN = 2_000;
const DIGEST_BYTES = 8;

/** What the user has seen of an offer's files, so that nothing else can be sent when the offer is accepted. */
export class ShownEntries {
  private readonly digests = new Map<string, string>();

  /** @throws ProtocolError MALFORMED_MESSAGE when an entry is not what it was when it was shown. */
  show(entries: readonly RemoteEntry[]): void {
    for (const entry of entries) {
      this.check(entry);
      if (this.digests.size < MAX_SHOWN) this.digests.set(entry.id, digestOf(entry));
    }
  }

  /** @throws ProtocolError MALFORMED_MESSAGE */
  check(entry: RemoteEntry): void {
    const known = this.digests.get(entry.id);
    if (known !== undefined && known !== digestOf(entry))
      throw new ProtocolError('MALFORMED_MESSAGE', 'a file of the offer is not what it was when it was listed before');
  }

  /** Nobody will accept it any more. */
  forget(): void {
    this.digests.clear();
  }
}

function digestOf({ path, size }: RemoteEntry): string {
  return createHash('sha256').update(`${size} ${path}`).digest().toString('base64', 0, DIGEST_BYTES);
}
