import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { foldersIn, startLoopbackNode } from '../lib/loopback-node.mjs';
import { pair } from '../lib/node-api.mjs';
import { transferEnd } from './transfer-end.mjs';

const HASH_POLL_MS = 100;

const peakBytes = (pid) => {
  if (process.platform !== 'linux') return undefined;
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return kib ? Number(kib[1]) * 1024 : undefined;
};

/** Two paired nodes: one shares, the other pulls. */
export class FerryPair {
  static async start(supervisor, dir) {
    const env = { FERRY_MAX_FILE_SIZE: '0', FERRY_ALLOWED_EXTENSIONS: '*' };
    const nodes = {};
    for (const name of ['sender', 'receiver']) {
      nodes[name] = await startLoopbackNode(supervisor, { name, folders: foldersIn(join(dir, name)), env });
      if (!nodes[name]) return undefined;
    }
    await pair(nodes.sender.api, nodes.receiver.api);
    const { device } = await nodes.sender.api.get('/status');
    return new FerryPair(nodes, device.id);
  }

  constructor({ sender, receiver }, senderId) {
    this.sender = sender;
    this.receiver = receiver;
    this.senderId = senderId;
  }

  /** Waits until the owner has found and hashed the file: that is done once, before anybody pulls. */
  async waitUntilShared(file) {
    for (;;) {
      const [entry] = await this.sender.api.list('/files', { scope: 'shared', q: basename(file) });
      if (entry?.state === 'ready') return;
      await delay(HASH_POLL_MS);
    }
  }

  /** @returns {Promise<number>} seconds from the request until the file is verified, on the disk and published */
  async pull(file) {
    const [entry] = await this.receiver.api.list(`/peers/${this.senderId}/files`, { q: basename(file) });
    const end = await transferEnd(this.receiver.api.url);
    const startedAt = performance.now();
    const { id } = await this.receiver.api.post('/transfers', { peerId: this.senderId, entryIds: [entry.id] });
    const transfer = await end.of(id);
    const seconds = (performance.now() - startedAt) / 1000;
    if (transfer.state !== 'complete')
      throw new Error(`The transfer ended as ${transfer.state}: ${transfer.error?.detail}`);
    return seconds;
  }

  peakMemory() {
    return { sender: peakBytes(this.sender.pid), receiver: peakBytes(this.receiver.pid) };
  }
}
