import { EventEmitter, once } from 'node:events';
import { type Program, withDeadline } from '@ferry/test-nodes';

const WAIT_MS = 15_000;
const URL_IN_OUTPUT = /Debugger listening on (ws:\/\/\S+)/;

/** What a node needs in its environment so that `Inspector.attach` works: a debugger port on loopback. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Collects the garbage of a running node from outside, so that its memory can be judged without a hook in it. */
export class Inspector {
  private readonly answers = new EventEmitter();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id } = JSON.parse(String(data)) as { id?: number };
      if (id !== undefined) this.answers.emit(String(id));
    });
  }

  static async attach(program: Program): Promise<Inspector> {
    const socket = new WebSocket(await urlOf(program));
    await withDeadline(once(socket, 'open'), WAIT_MS, 'the debugger of the node');
    return new Inspector(socket);
  }

  async collectGarbage(): Promise<void> {
    await this.call('HeapProfiler.collectGarbage');
  }

  close(): void {
    this.socket.close();
  }

  private async call(method: string): Promise<void> {
    this.lastId += 1;
    const id = String(this.lastId);
    const answered = once(this.answers, id);
    this.socket.send(JSON.stringify({ id: this.lastId, method }));
    await withDeadline(answered, WAIT_MS, method);
  }
}

async function urlOf(program: Program): Promise<string> {
  const found = () => URL_IN_OUTPUT.exec(program.output.stderr)?.[1];
  const arrivals = new EventEmitter();
  const stop = program.onOutput(() => arrivals.emit('output'));
  try {
    for (let url = found(); ; url = found()) {
      if (url !== undefined) return url;
      await withDeadline(once(arrivals, 'output'), WAIT_MS, 'the address of the debugger');
    }
  } finally {
    stop();
  }
}
