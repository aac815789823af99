import { randomBytes } from 'node:crypto';
import { MEBIBYTE, NodeGroup, type NodeProcess, untilState } from '@ferry/test-nodes';
import { OfferedFile } from '../support/offered-file';
import { servesFiles } from '../support/serve-files';
import type { HostileGroup } from './case';
import { Ground } from './ground';
import { Invariants } from './invariants';
import { TIME_SCALE } from './mode';
import { HonestPeer } from './watch/honest-peer';
import { INSPECTED } from './watch/inspector';

const WARM_UP_ATTACKERS = 20;
/** Outbound connections that come to nothing: what the allocator keeps of them grows for a thousand and then no more. */
const WARM_UP_DIALS = 1_200;
const WARM_UP_DIALS_AT_ONCE = 30;
/** As many transfers as run at once, each as large as what may be on its way: the node keeps these buffers. */
const WARM_UP_PULLS = 3;
const WARM_UP_BYTES = 16 * MEBIBYTE;

/** The node that one group attacks, and the honest peer beside it. */
export class Field {
  private readonly expected: RegExp[] = [];
  private lastAddress = 1;

  private constructor(
    private readonly nodes: NodeGroup,
    readonly node: NodeProcess,
    readonly honest: HonestPeer,
    private readonly network: number,
    /** Filled by `open`. */
    private watched?: Invariants,
  ) {}

  static async open(group: HostileGroup): Promise<Field> {
    const nodes = new NodeGroup();
    try {
      return await Field.openOn(nodes, group);
    } catch (error) {
      await nodes.dispose();
      throw error;
    }
  }

  private static async openOn(nodes: NodeGroup, { name, env = {}, memoryMiB }: HostileGroup): Promise<Field> {
    const settings = { FERRY_DISCOVERY: 'off', ...(TIME_SCALE < 1 && { FERRY_PEER_TIME_SCALE: String(TIME_SCALE) }) };
    const [node, peer] = await Promise.all([
      nodes.start('victim', { env: { ...settings, ...INSPECTED, ...env } }),
      nodes.start('honest'),
    ]);
    const honest = await HonestPeer.befriend(node, peer);
    nodes.defer(() => honest.close());
    const field = new Field(nodes, node, honest, 16 + name.charCodeAt(0));
    field.watched = await Invariants.watch(
      node,
      honest,
      (path) => field.expected.some((pattern) => pattern.test(path)),
      memoryMiB,
    );
    await field.warmUp();
    return field;
  }

  get invariants(): Invariants {
    if (!this.watched) throw new Error('the field is not open');
    return this.watched;
  }

  /** A place for one case. */
  ground(): Ground {
    return new Ground(this);
  }

  /** A loopback address that was not used before: what the node holds against an address stays with one case. */
  nextAddress(): string {
    this.lastAddress += 1;
    return `127.${this.network}.${this.lastAddress >> 8}.${this.lastAddress & 255}`;
  }

  /** Says that cases may create paths like this below the node's root. */
  expectPath(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  async close(): Promise<void> {
    await this.watched?.close();
    await this.nodes.dispose();
  }

  /** Transfers both ways and some attackers, so that threads, buffers and code are there before memory is measured. */
  private async warmUp(): Promise<void> {
    this.honest.start();
    for (let count = 0; count < WARM_UP_ATTACKERS; count += 1) {
      const ground = this.ground();
      const wire = await ground.pair();
      await wire.ask('files.list');
      await ground.end();
    }
    await Promise.all(Array.from({ length: WARM_UP_PULLS }, (_, index) => this.warmUpPull(`warm-up-${index}.bin`)));
    await this.warmUpDials();
    await this.honest.stop();
  }

  private async warmUpDials(): Promise<void> {
    const ground = this.ground();
    const server = await ground.listen({ onTcp: (socket) => void socket.destroy() });
    for (let done = 0; done < WARM_UP_DIALS; done += WARM_UP_DIALS_AT_ONCE) {
      await Promise.all(Array.from({ length: WARM_UP_DIALS_AT_ONCE }, () => ground.nodeAdds(server)));
    }
    await ground.end();
  }

  private async warmUpPull(name: string): Promise<void> {
    const ground = this.ground();
    const file = new OfferedFile(name, name, randomBytes(WARM_UP_BYTES));
    const server = await ground.listen({ answers: servesFiles([file]) });
    await ground.nodePairs(server);
    const { id } = await this.node.api.pull(server.identity.deviceId, [file.id]);
    await untilState(this.node.api, id, 'complete');
    await ground.end();
  }
}
