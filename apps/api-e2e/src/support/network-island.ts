import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Peer } from '@ferry/protocol';
import { NODE_SCRIPT, withDeadline } from '@ferry/test-nodes';

const START_MS = 30_000;
const HTTP_PORT = 5000;
const PEER_PORT = 8000;
const API = `http://127.0.0.1:${HTTP_PORT}/api/v1`;
/** Prints the peers as one line of JSON, first and after each event. */
const FOLLOW_PEERS = `
  const show = async () => console.log(JSON.stringify((await (await fetch('${API}/peers')).json()).items));
  const { body } = await fetch('${API}/events');
  for await (const part of body) if (/^event: (node|peers)/m.test(Buffer.from(part).toString())) await show();`;
/** Adds the device at an address and prints the answer. */
const ADD_PEER = `
  const body = JSON.stringify({ address: process.argv[1] });
  const answer = await fetch('${API}/peers', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  console.log(await answer.text());`;

/** Whether this machine lets tests make networks of their own: Linux, as root, with iproute2. */
export function canMakeNetworks(): boolean {
  const name = `ferry-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false; // whatever the reason: not possible here
  }
}

/** A machine of its own: a network namespace with one node in it. */
export class NetworkIsland {
  peers: readonly Peer[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'ferry-island-'));
  private readonly children: ChildProcess[] = [];
  private readonly news = new EventEmitter();

  private constructor(
    readonly name: string,
    private readonly namespace: string,
  ) {}

  static create(name: string): NetworkIsland {
    const namespace = `ferry-${name}-${process.pid}`;
    ip('netns', 'add', namespace);
    const island = new NetworkIsland(name, namespace);
    island.ip('link', 'set', 'lo', 'up');
    return island;
  }

  /** A cable to another island. @param addresses with prefix, of this end and of the other. */
  plug(other: NetworkIsland, device: string, addresses: readonly (readonly [string, string])[]): void {
    ip('link', 'add', device, 'netns', this.namespace, 'type', 'veth', 'peer', device, 'netns', other.namespace);
    for (const [here, there] of addresses) {
      this.address(here, device);
      other.address(there, device);
    }
    this.ip('link', 'set', device, 'up');
    other.ip('link', 'set', device, 'up');
  }

  unplug(device: string): void {
    this.ip('link', 'del', device);
  }

  async start(): Promise<void> {
    const node = this.spawn([NODE_SCRIPT], {
      FERRY_PEER_HOST: '::',
      FERRY_DEVICE_NAME: this.name,
      FERRY_LOG_LEVEL: 'warn',
      ...Object.fromEntries(
        ['SHARED', 'RECEIVED', 'DATA'].map((part) => [`FERRY_${part}_DIR`, join(this.folder, part.toLowerCase())]),
      ),
    });
    await withDeadline(once(node, 'message'), START_MS, `${this.name} to listen`);
    const follower = this.spawn(['--input-type=module', '-e', FOLLOW_PEERS]);
    if (!follower.stdout) throw new Error('no output to follow');
    createInterface(follower.stdout).on('line', (line) => {
      this.peers = JSON.parse(line) as Peer[];
      this.news.emit('news');
    });
  }

  /** Resolves when the list of peers is as wanted. */
  async until(isWanted: (peers: readonly Peer[]) => boolean, timeoutMs: number, what: string): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    while (!isWanted(this.peers)) {
      const about = () => `${this.name}: ${what}; its peers are ${JSON.stringify(this.peers)}`;
      await withDeadline(once(this.news, 'news'), Math.max(1, endsAt - Date.now()), about);
    }
  }

  /** `POST /peers`. */
  async add(address: string): Promise<unknown> {
    const child = this.spawn(['--input-type=module', '-e', ADD_PEER, address]);
    if (!child.stdout) throw new Error('no output to read');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return JSON.parse(line);
  }

  async dispose(): Promise<void> {
    const running = this.children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      running.map(async (child) => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    ip('netns', 'del', this.namespace);
    rmSync(this.folder, { recursive: true, force: true });
  }

  static addressOf(host: string): string {
    return host.includes(':') ? `[${host}]:${PEER_PORT}` : `${host}:${PEER_PORT}`;
  }

  private ip(...args: string[]): void {
    ip('-n', this.namespace, ...args);
  }

  private address(cidr: string, device: string): void {
    this.ip('addr', 'add', cidr, 'dev', device, ...(cidr.includes(':') ? ['nodad'] : []));
  }

  private spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRY_'));
    const child = spawn('ip', ['netns', 'exec', this.namespace, process.execPath, ...args], {
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.children.push(child);
    return child;
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
