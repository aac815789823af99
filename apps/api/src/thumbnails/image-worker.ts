import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageOrder, ImageOutcome, ImageReply, MakeOrder } from './image-jobs';

/** What the decoding process may know of ours: where Windows and the image library find their own files. */
const PASSED_ON = ['SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];
/** One thread does the work; without it the allocator keeps far more than is used. */
const FRUGAL = { VIPS_CONCURRENCY: '1', MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' };

/** One process that decodes images, one at a time. It ends with this process, or when it is told to. */
export class ImageWorker {
  private constructor(private readonly child: ChildProcess) {}

  /** @param file the program; another one in tests. */
  static start(file = imageProcessFile()): ImageWorker {
    const env = Object.fromEntries(
      PASSED_ON.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
    );
    const child = fork(file, [], {
      env: { ...env, ...FRUGAL },
      execArgv: ['--no-warnings'], // of running TypeScript from source
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('error', () => child.kill('SIGKILL'));
    child.unref();
    child.channel?.unref();
    return new ImageWorker(child);
  }

  get isAlive(): boolean {
    return this.child.connected && !this.child.killed && this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Sends an image and waits for its thumbnail.
   * @returns undefined when the process died over it or did not answer in time; it is gone then.
   * @throws what `image` fails with; the process is gone then.
   */
  async make(image: AsyncIterable<Uint8Array>, order: MakeOrder, timeoutMs: number): Promise<ImageOutcome | undefined> {
    const timer = setTimeout(() => this.kill(), timeoutMs);
    try {
      const answer = this.answer();
      await this.send({ type: 'begin' });
      for await (const bytes of image) await this.send({ type: 'part', bytes });
      await this.send(order);
      const reply = await answer;
      if (reply?.isSpent) this.kill();
      return reply;
    } catch (error) {
      if (!this.isAlive) return undefined;
      this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** The next message, or undefined when the process ends first. */
  private answer(): Promise<ImageReply | undefined> {
    return new Promise((resolve) => {
      const settle = (reply?: ImageReply) => {
        this.child.off('message', onMessage).off('exit', onExit).off('disconnect', onExit);
        resolve(reply);
      };
      const onMessage = (reply: unknown) => settle(reply as ImageReply); // of our own program
      const onExit = () => settle();
      this.child.on('message', onMessage).on('exit', onExit).on('disconnect', onExit);
    });
  }

  private send(order: ImageOrder): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isAlive) return reject(new Error('the image process has ended'));
      this.child.send(order, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The bundled program beside this file if there is one, else its source. */
function imageProcessFile(): string {
  const found = ['image-process.js', 'image-process.ts'].map((name) => join(__dirname, name)).find(existsSync);
  if (found) return found;
  throw new Error('The program is incomplete: image-process.js is missing. Build it again');
}
