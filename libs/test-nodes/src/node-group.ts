import { CountingProxy } from './counting-proxy';
import { secondLoopback } from './free-port';
import { type NodeOptions, NodeProcess } from './node-process';

/** A node whose peer server is reachable through a counting proxy only. */
export interface ProxiedNode {
  readonly node: NodeProcess;
  readonly proxy: CountingProxy;
}

/** Everything that one test file started: one call in `afterAll` ends it, and nothing else. */
export class NodeGroup {
  private readonly nodes: NodeProcess[] = [];
  private readonly disposals: (() => Promise<unknown>)[] = [];

  /** A node that is up. */
  async start(name: string, options?: NodeOptions): Promise<NodeProcess> {
    const node = await this.create(name, options);
    await node.start();
    return node;
  }

  /** A node that is not started yet. */
  async create(name: string, options?: NodeOptions): Promise<NodeProcess> {
    const node = await NodeProcess.create(name, options);
    this.nodes.push(node);
    return node;
  }

  /**
   * A node that listens on a second loopback address, behind a proxy on 127.0.0.1 at the same port. Whoever learns
   * its port from a session and dials 127.0.0.1 meets the proxy too, so that no byte goes uncounted.
   */
  async startBehindProxy(name: string, options: NodeOptions = {}): Promise<ProxiedNode> {
    const peerHost = await secondLoopback();
    const node = await this.start(name, { ...options, peerHost });
    const { peer: port } = node.ports;
    const proxy = await CountingProxy.listen({ targetHost: peerHost, targetPort: port, port });
    this.defer(() => proxy.close());
    return { node, proxy };
  }

  /** Runs `dispose` at the end, before the nodes are ended. */
  defer(dispose: () => Promise<unknown>): void {
    this.disposals.push(dispose);
  }

  /** Ends all. With `FERRY_E2E_LOGS` set, prints what the nodes wrote. */
  async dispose(): Promise<void> {
    if (process.env['FERRY_E2E_LOGS']) for (const node of this.nodes) process.stderr.write(`${node.report()}\n`);
    await Promise.allSettled(this.disposals.splice(0).map((dispose) => dispose()));
    await Promise.allSettled(this.nodes.splice(0).map((node) => node.dispose()));
  }
}
