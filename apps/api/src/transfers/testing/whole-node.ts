import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Transfer, TransferState } from '@ferry/protocol';
import { startNode, type RunningNode } from '../../start-node';

/** A whole node in this process, on free ports, with its own folders. */
export class WholeNode {
  private node: RunningNode | undefined;
  private peerPort = 0;

  constructor(private readonly folder: string) {
    mkdirSync(join(folder, 'shared'), { recursive: true });
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    this.node = await startNode({
      FERRY_HTTP_HOST: '127.0.0.1',
      FERRY_HTTP_PORT: '0',
      FERRY_PEER_HOST: '127.0.0.1',
      FERRY_PEER_PORT: String(this.peerPort),
      FERRY_DISCOVERY: 'off',
      FERRY_SHARED_DIR: this.path('shared'),
      FERRY_RECEIVED_DIR: this.path('received'),
      FERRY_DATA_DIR: this.path('data'),
      FERRY_DEVICE_NAME: 'test',
      FERRY_LOG_LEVEL: 'fatal',
      FERRY_ALLOWED_EXTENSIONS: '*',
      ...env,
    });
    this.peerPort = this.node.ports.peer;
  }

  async stop(): Promise<void> {
    await this.node?.close();
    this.node = undefined;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.node?.ports.http}/api/v1${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw Object.assign(new Error(text), { problem: value });
    return value as T;
  }

  upload(form: FormData): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.node?.ports.http}/api/v1/files`, { method: 'POST', body: form });
  }

  /** Asks until `done`; bounded by the test's own timeout. */
  async until<T>(path: string, done: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await this.call<T>('GET', path);
      if (done(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  transferIn(id: string, ...states: TransferState[]): Promise<Transfer> {
    return this.until<Transfer>(`/transfers/${id}`, ({ state }) => states.includes(state));
  }
}
