import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CountingProxy,
  listVisible,
  MEBIBYTE,
  type NodeProcess,
  pair,
  sha256sum,
  untilEntry,
  untilState,
} from '@ferry/test-nodes';
import { writeRandomFile } from '@ferry/test-nodes';

const NAME = 'honest.bin';
const SIZE = 10 * MEBIBYTE;
/** So slow that a transfer lasts as long as most cases do. */
const BYTES_PER_SECOND = 4 * MEBIBYTE;
const TRANSFER_MS = 120_000;

/** A paired peer that pulls 10 MiB from the node again and again, beside whatever attackers do, and checks each copy. */
export class HonestPeer {
  /** Transfers that ended with the right hash. */
  transfers = 0;
  private isStopped = true;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly node: NodeProcess,
    private readonly peer: NodeProcess,
    private readonly proxy: CountingProxy,
    private readonly source: { readonly nodeId: string; readonly entryId: string; readonly sha256: string },
  ) {}

  /** Puts the file into the share of `node` and pairs `peer` with it, both running. */
  static async befriend(node: NodeProcess, peer: NodeProcess): Promise<HonestPeer> {
    await writeRandomFile(join(node.folders.shared, NAME), SIZE);
    const { id: entryId } = await untilEntry(node.api, NAME);
    const sha256 = await sha256sum(join(node.folders.shared, NAME));
    const proxy = await CountingProxy.listen({ targetHost: '127.0.0.1', targetPort: node.ports.peer });
    const { inviterId: nodeId } = await pair(node, peer, proxy.address);
    proxy.bytesPerSecond = BYTES_PER_SECOND;
    return new HonestPeer(node, peer, proxy, { nodeId, entryId, sha256 });
  }

  /** Device id of the honest peer. */
  async deviceId(): Promise<string> {
    return (await this.peer.api.status()).device.id;
  }

  /** Pulls until `stop`. */
  start(): void {
    this.isStopped = false;
    this.running = this.pullOn();
    this.running.catch(() => undefined); // told by stop
  }

  /** Resolves when the transfer under way is complete. @throws Error when one was not, or came out wrong. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  async close(): Promise<void> {
    this.isStopped = true;
    await this.proxy.close();
  }

  private async pullOn(): Promise<void> {
    do await this.pullOnce();
    while (!this.isStopped);
  }

  private async pullOnce(): Promise<void> {
    const { nodeId, entryId, sha256 } = this.source;
    const { api, folders } = this.peer;
    const { id } = await api.pull(nodeId, [entryId]);
    await untilState(api, id, 'complete', TRANSFER_MS);
    const [path = '', ...others] = await listVisible(folders.received);
    const copy = await sha256sum(join(folders.received, path));
    if (others.length > 0 || copy !== sha256) throw new Error(`the honest transfer brought ${path} with ${copy}`);
    await rm(join(folders.received, path));
    await api.removeTransfer(id);
    this.transfers += 1;
    if (!this.node.isRunning) throw new Error('the node is gone');
  }
}
