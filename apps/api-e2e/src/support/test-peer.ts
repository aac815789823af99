import {
  parseFileManifestRequest,
  parseFileReadRequest,
  PATTERNS,
  ProtocolError,
  type RequestMessage,
} from '@ferry/protocol';
import type { NodeProcess } from '@ferry/test-nodes';
import { invitationClaim } from './invitation-claim';
import type { OfferedFile } from './offered-file';
import { createIdentity, type TestIdentity } from './test-identity';
import { WireSession } from './wire-session';

/** A paired device that speaks `ferry/1` by itself and offers what a test wants, true or not. */
export class TestPeer {
  /** Block hashes that the node has asked for. */
  hashesAsked = 0;

  private constructor(
    readonly identity: TestIdentity,
    readonly session: WireSession,
    private readonly files: readonly OfferedFile[],
  ) {}

  get id(): string {
    return this.identity.deviceId;
  }

  /** Claims an invitation of `node` over a session that then stays open. */
  static async pairWith(node: NodeProcess, files: readonly OfferedFile[]): Promise<TestPeer> {
    const identity = await createIdentity();
    const session = await WireSession.dial(node.peerAddress, identity);
    const peer = new TestPeer(identity, session, files);
    session.onRequest = (request, sendData) => peer.answer(request, sendData);
    await session.hello('test peer');
    const reply = await session.request(PATTERNS.pairClaim, await invitationClaim(node, identity));
    if (reply.isError) throw new Error(`not paired: ${JSON.stringify(reply.error)}`);
    return peer;
  }

  close(): void {
    this.session.close();
  }

  private answer({ pattern, data }: RequestMessage, sendData: (payload: Uint8Array) => void): unknown {
    if (pattern === PATTERNS.filesList) {
      return { entries: this.files.map((file) => file.entry), nextCursor: null, total: this.files.length };
    }
    if (pattern === PATTERNS.fileManifest) {
      const { entryId, firstBlock, blockCount } = parseFileManifestRequest(data);
      const file = this.find((candidate) => candidate.id === entryId);
      this.hashesAsked += blockCount;
      file.manifest(firstBlock, blockCount).forEach(sendData);
      return file.head;
    }
    if (pattern === PATTERNS.fileRead) {
      const { fileId, ranges } = parseFileReadRequest(data);
      const file = this.find((candidate) => candidate.head.fileId === fileId);
      for (const [first, count] of ranges) {
        for (let block = first; block < first + count; block += 1) file.block(block).forEach(sendData);
      }
      return {};
    }
    throw new ProtocolError('UNKNOWN_PATTERN', `no ${pattern} here`);
  }

  private find(isWanted: (file: OfferedFile) => boolean): OfferedFile {
    const file = this.files.find(isWanted);
    if (!file) throw new ProtocolError('UNKNOWN_FILE', 'not offered');
    return file;
  }
}
