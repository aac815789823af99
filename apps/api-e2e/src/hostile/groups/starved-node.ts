import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeGroup, type NodeProcess, withDeadline } from '@ferry/test-nodes';
import { dialWire, pairedWire } from '../../support/paired-wire';
import type { RawWire } from '../../support/raw-wire';
import { createIdentity } from '../../support/test-identity';
import type { Ground } from '../ground';
import { expectAlive } from '../verdicts';

/** `ulimit -n` of the node. */
const DESCRIPTORS = 256;
/** A few less may be open while all are taken: what the node itself opens and closes. */
const NEARLY = 16;
const HTTP_CONNECTIONS = 300;
const PEER_CONNECTIONS = 400;
const HELD_MS = 5_000;
const WAIT_MS = 20_000;
const POLL_MS = 50;
const NOWHERE = '127.0.0.1:1';

/** A node of its own with few descriptors; what it cannot do then must not count against the others. */
export async function starvedNode(ground: Ground): Promise<StarvedNode> {
  const nodes = new NodeGroup();
  ground.defer(() => nodes.dispose());
  const node = await nodes.start('starved');
  execFileSync('prlimit', ['--pid', String(node.process.pid), `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  ground.defer(() => agent.destroy());
  const { wire } = await pairedWire(node);
  ground.defer(() => wire.close());
  return new StarvedNode(ground, node, agent, wire);
}

class StarvedNode {
  private readonly sockets: Socket[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly node: NodeProcess,
    /** Keeps one HTTP connection that was there before. */
    private readonly agent: Agent,
    /** A session that was there before. */
    private readonly guest: RawWire,
  ) {
    ground.defer(() => this.drop());
  }

  /** Takes all descriptors and keeps them for a while; who is connected is served on. */
  async exhaust(): Promise<void> {
    await this.dials(NOWHERE); // loads what is only loaded when it is needed
    for (let count = 0; count < PEER_CONNECTIONS; count += 1) this.open(this.node.ports.peer, this.ground.newAddress());
    for (let count = 0; count < HTTP_CONNECTIONS; count += 1) this.open(this.node.ports.http, '127.0.0.1');
    const endsAt = Date.now() + WAIT_MS;
    while (this.openDescriptors < DESCRIPTORS - NEARLY) {
      if (Date.now() > endsAt) throw new Error(`only ${this.openDescriptors} descriptors are open`);
      await delay(POLL_MS);
    }
    const heldUntil = Date.now() + this.ground.ms(HELD_MS / 1_000);
    do {
      await expectAlive(this.guest);
      expect((await this.ask('GET', '/health/live')).status).toBe(200);
    } while (Date.now() < heldUntil);
  }

  /** Gives all descriptors back. */
  async release(): Promise<void> {
    const closed = this.sockets.filter((socket) => !socket.closed).map((socket) => once(socket, 'close'));
    this.drop();
    await withDeadline(Promise.all(closed), WAIT_MS, 'the end of the connections');
  }

  /** A device says hello, and a program asks for something. */
  async expectsGuests(): Promise<void> {
    const wire = await dialWire(this.node, await createIdentity());
    await wire.hello();
    wire.close();
    expect((await this.node.api.fetch('/health/live')).status).toBe(200);
    await expectAlive(this.guest);
    expect(this.node.isRunning).toBe(true);
  }

  /** Has it dial an address, asked over the connection that was there before. */
  dials(address: string): Promise<{ status: number }> {
    return this.ask('POST', '/api/v1/peers', { address });
  }

  private get openDescriptors(): number {
    return readdirSync(`/proc/${this.node.process.pid}/fd`).length;
  }

  private open(port: number, localAddress: string): void {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => undefined).resume();
    this.sockets.push(socket);
  }

  private drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private async ask(method: string, path: string, body?: object): Promise<{ status: number }> {
    const { http: port } = this.node.ports;
    const text = body && JSON.stringify(body);
    const headers = text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': text.length };
    const asked = request({ agent: this.agent, host: '127.0.0.1', port, method, path, headers });
    asked.end(text);
    const [response] = (await withDeadline(once(asked, 'response'), WAIT_MS, `${method} ${path}`)) as [
      { statusCode: number; resume(): unknown } & NodeJS.EventEmitter,
    ];
    response.resume();
    await once(response, 'end');
    return { status: response.statusCode };
  }
}
