import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from './api';
import { freePort } from './free-port';
import { type Env, Program, type ProgramEnd } from './program';
import { NODE_SCRIPT } from './workspace';

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 25;

export interface NodeOptions {
  /** Settings beside folders and ports, for example `FERRY_MAX_FILE_SIZE`. */
  readonly env?: Env;
  /** Where the peer server listens; 127.0.0.1 without this. */
  readonly peerHost?: string;
  /** What starts the node's process and becomes it: see `Program.spawn`. */
  readonly launcher?: readonly string[];
}

/** The folders of one node, all below one temporary folder. */
export interface NodeFolders {
  /** The temporary folder, two levels above `root`: who climbs out of the node's folders is seen in it. */
  readonly outer: string;
  readonly root: string;
  readonly shared: string;
  readonly received: string;
  readonly data: string;
}

/** A real node with folders and ports of its own, which it keeps when it is killed and started again. */
export class NodeProcess {
  readonly api: Api;
  private program?: Program;

  private constructor(
    readonly name: string,
    readonly folders: NodeFolders,
    readonly ports: { readonly http: number; readonly web: number; readonly peer: number },
    readonly env: Env,
    private readonly launcher: readonly string[],
  ) {
    this.api = new Api(`http://127.0.0.1:${ports.http}`);
  }

  /** Makes folders and chooses ports; the node is not started yet. */
  static async create(
    name: string,
    { env = {}, peerHost = '127.0.0.1', launcher = [] }: NodeOptions = {},
  ): Promise<NodeProcess> {
    const outer = await mkdtemp(join(tmpdir(), `ferry-${name}-`));
    const root = join(outer, 'home', 'node');
    const [shared, received, data] = [join(root, 'shared'), join(root, 'received'), join(root, 'data')];
    const folders = { outer, root, shared, received, data };
    await mkdir(folders.shared, { recursive: true });
    await mkdir(folders.received);
    const ports = { http: await freePort(), web: await freePort(), peer: await freePort(['127.0.0.1', peerHost]) };
    const settings = {
      FERRY_HTTP_HOST: '127.0.0.1',
      FERRY_HTTP_PORT: String(ports.http),
      FERRY_WEB_PORT: String(ports.web),
      FERRY_PEER_HOST: peerHost,
      FERRY_PEER_PORT: String(ports.peer),
      FERRY_SHARED_DIR: folders.shared,
      FERRY_RECEIVED_DIR: folders.received,
      FERRY_DATA_DIR: folders.data,
      FERRY_DEVICE_NAME: name,
      FERRY_LOG_LEVEL: 'warn',
      FERRY_DISCOVERY: 'off',
      FERRY_MAX_FILE_SIZE: '0',
      FERRY_ALLOWED_EXTENSIONS: '*',
      ...env,
    };
    return new NodeProcess(name, folders, ports, settings, launcher);
  }

  /** `host:port` of the peer server. */
  get peerAddress(): string {
    return `127.0.0.1:${this.ports.peer}`;
  }

  get isRunning(): boolean {
    return this.program?.isRunning ?? false;
  }

  /** The program that runs, or ran last. @throws Error before the first start. */
  get process(): Program {
    if (!this.program) throw new Error(`${this.name} never ran`);
    return this.program;
  }

  /** The output of the last run, for messages of failed tests. */
  report(): string {
    return this.program?.report() ?? `${this.name} never ran`;
  }

  /** Starts the node and resolves when `/health/ready` says so. */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    this.program = Program.spawn(this.name, NODE_SCRIPT, this.env, this.launcher);
    await this.program.listening();
    await this.ready();
  }

  /** Ends the node without warning, as a crash or a power button would. */
  async kill(): Promise<void> {
    await this.program?.kill('SIGKILL');
  }

  /** Asks the node to end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProgramEnd | undefined> {
    return this.program?.kill(signal);
  }

  /** Ends the node and removes its folders. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.folders.outer, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const endsAt = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
      const { status, body } = await this.api.fetch('/health/ready');
      if (status === 200) return;
      if (Date.now() > endsAt) throw new Error(`${this.name} is not ready: ${JSON.stringify(body)}\n${this.report()}`);
      await delay(READY_POLL_MS);
    }
  }
}
