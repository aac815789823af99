import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const SETTLE_MS = 500;
const COLLECTIONS = 3;

/** The memory of a node that was started with `--inspect`: measured from outside, after its garbage was collected. */
export class ResidentMemory {
  static async of(pid, inspectPort) {
    const [target] = await (await fetch(`http://127.0.0.1:${inspectPort}/json/list`)).json();
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await once(socket, 'open');
    return new ResidentMemory(pid, socket);
  }

  #messages = 0;

  constructor(pid, socket) {
    this.pid = pid;
    this.socket = socket;
  }

  /** @returns {Promise<number>} bytes */
  async bytes() {
    for (let count = 0; count < COLLECTIONS; count++) {
      await this.#call('HeapProfiler.collectGarbage');
      await delay(SETTLE_MS);
    }
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return Number(kib[1]) * 1024;
  }

  close() {
    this.socket.close();
  }

  async #call(method) {
    const id = ++this.#messages;
    this.socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [{ data }] = await once(this.socket, 'message');
      if (JSON.parse(data).id === id) return;
    }
  }
}
