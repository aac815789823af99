import type { Page, Transfer } from '@ferry/protocol';
import {
  type Api,
  CountingProxy,
  NodeGroup,
  type NodeOptions,
  type NodeProcess,
  pair,
  type ProxiedNode,
  secondLoopback,
} from '@ferry/test-nodes';
import { FileSets, type FileSet } from './file-set';
import type { Defer } from './scenario';

interface PairOptions extends NodeOptions {
  /** Gets the receiver before its first start, to put its folders on another disk. */
  readonly prepare?: (node: NodeProcess) => Promise<void>;
}

/** A sender that stays and a receiver that suffers, each behind a proxy that counts. */
export class Pair {
  private constructor(
    readonly sender: ProxiedNode,
    readonly receiver: ProxiedNode,
    readonly senderId: string,
    readonly sets: FileSets,
  ) {}

  static async open(defer: Defer, { prepare, ...options }: PairOptions = {}): Promise<Pair> {
    const nodes = new NodeGroup();
    defer(() => nodes.dispose());
    const sender = await nodes.startBehindProxy('sender');
    const node = await nodes.create('receiver', { ...options, peerHost: await secondLoopback() });
    await prepare?.(node);
    defer(() => node.kill()); // before `prepare` is undone
    await node.start();
    const { peer: port } = node.ports;
    const proxy = await CountingProxy.listen({ targetHost: await secondLoopback(), targetPort: port, port });
    nodes.defer(() => proxy.close());
    const receiver = { node, proxy };
    const { inviterId } = await pair(sender.node, receiver.node, sender.proxy.address);
    return new Pair(sender, receiver, inviterId, new FileSets(sender.node, receiver.node.folders.received));
  }

  /** Not all that a scenario began came to its end. */
  isDirty = false;

  get node(): NodeProcess {
    return this.receiver.node;
  }

  get api(): Api {
    return this.receiver.node.api;
  }

  /** Bytes that went from sender to receiver, whoever dialled. */
  get onTheWire(): number {
    return this.sender.proxy.toClient + this.receiver.proxy.toTarget;
  }

  limitSpeed(bytesPerSecond: number): void {
    for (const { proxy } of [this.sender, this.receiver]) proxy.bytesPerSecond = bytesPerSecond;
  }

  /** The receiver runs and has no transfers, also after a scenario that failed. */
  async ready(): Promise<void> {
    if (this.isDirty) await this.node.kill();
    if (!this.node.isRunning) await this.node.start();
    if (this.isDirty) await this.removeTransfers();
    this.isDirty = true;
  }

  async pull({ files }: FileSet): Promise<Transfer> {
    return this.api.pull(
      this.senderId,
      files.map(({ entryId }) => entryId),
    );
  }

  /** The newest transfer of the receiver; scenarios remove theirs at the end. */
  async transfer(): Promise<Transfer | undefined> {
    const { items } = await this.api.get<Page<Transfer>>('/transfers?limit=1');
    return items[0];
  }

  /** Runs `work` while the sender answers nothing, so that the receiver cannot go on meanwhile. */
  async whileSenderIsSilent<T>(work: () => Promise<T>): Promise<T> {
    const pid = this.sender.node.process.pid as number;
    process.kill(pid, 'SIGSTOP');
    try {
      return await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  /** The first DELETE of an unfinished one cancels it. */
  private async removeTransfers(): Promise<void> {
    for (let found = await this.transfer(); found; found = await this.transfer())
      await this.api.removeTransfer(found.id);
  }
}
