import {
  blockCountOf,
  decodeHashPrefix,
  HASH_BYTES,
  MAX_MANIFEST_HASHES_PER_FRAME,
  parseFileManifestHead,
  PATTERNS,
  ProtocolError,
  type FileManifestHead,
} from '@ferry/protocol';
import type { DataReceiver } from '../../transport/data-answer';
import type { PeerSession } from '../../transport/peer-session';

/** Hashes asked for at once: 1 MiB of them, which describe 32 GiB of a file. */
const HASHES_PER_REQUEST = 4 * MAX_MANIFEST_HASHES_PER_FRAME;

const NO_DATA: DataReceiver = {
  begin() {
    throw new ProtocolError('UNEXPECTED_MESSAGE', 'DATA came for a request of the head alone.');
  },
  bytes: () => undefined,
  end: () => undefined,
};

/**
 * What the peer says of an entry now, without its hashes. `fileId` is absent while the peer is still hashing it.
 * @throws PeerError REMOTE with remoteCode UNKNOWN_FILE.
 */
export async function fetchHead(session: PeerSession, entryId: string, signal: AbortSignal): Promise<FileManifestHead> {
  return parseFileManifestHead(
    await session.requestData(PATTERNS.fileManifest, { entryId, firstBlock: 0, blockCount: 0 }, NO_DATA, signal),
  );
}

/**
 * All block hashes of an entry, 32 bytes each. They are not checked here: staging checks them against the file id.
 * @param onBytes told of each part that comes.
 * @throws PeerError
 */
export async function fetchHashes(
  session: PeerSession,
  { entryId, size }: FileManifestHead,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const blockCount = blockCountOf(size);
  const pages: Uint8Array[] = []; // grows with what the peer really sent, not with what it claims
  for (let firstBlock = 0; firstBlock < blockCount; firstBlock += HASHES_PER_REQUEST) {
    const page = new HashPage(firstBlock, Math.min(HASHES_PER_REQUEST, blockCount - firstBlock), onBytes);
    await session.requestData(PATTERNS.fileManifest, { entryId, firstBlock, blockCount: page.count }, page, signal);
    pages.push(page.complete());
  }
  const hashes = new Uint8Array(blockCount * HASH_BYTES);
  let offset = 0;
  for (const page of pages) {
    hashes.set(page, offset);
    offset += page.length;
  }
  return hashes;
}

/** Collects the hashes of one request; they come in ascending order, each once. */
class HashPage implements DataReceiver {
  private readonly hashes: Uint8Array;
  private filled = 0;

  constructor(
    private readonly firstBlock: number,
    readonly count: number,
    private readonly onBytes: (count: number) => void,
  ) {
    this.hashes = new Uint8Array(count * HASH_BYTES);
  }

  begin(prefix: Uint8Array, dataBytes: number): void {
    const { firstBlock, count } = decodeHashPrefix(prefix);
    const expected = this.firstBlock + this.filled / HASH_BYTES;
    if (firstBlock !== expected || count * HASH_BYTES !== dataBytes || this.filled + dataBytes > this.hashes.length)
      throw new ProtocolError(
        'UNEXPECTED_MESSAGE',
        `Hashes ${firstBlock}+${count} came where ${expected} was next of ${this.firstBlock}+${this.count}.`,
      );
  }

  bytes(part: Uint8Array): void {
    this.hashes.set(part, this.filled);
    this.filled += part.length;
    this.onBytes(part.length);
  }

  end(): void {
    // nothing is done per frame: `complete` looks at the whole
  }

  complete(): Uint8Array {
    if (this.filled !== this.hashes.length)
      throw new ProtocolError(
        'UNEXPECTED_MESSAGE',
        `The peer sent ${this.filled / HASH_BYTES} of ${this.count} hashes.`,
      );
    return this.hashes;
  }
}
