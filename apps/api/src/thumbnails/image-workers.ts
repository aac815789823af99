import type { ImageOutcome } from './image-jobs';
import { ImageWorker } from './image-worker';
import {
  DECODE_KILL_MS,
  DECODE_SECONDS,
  IMAGE_PROCESS_IDLE_MS,
  MAX_IMAGE_PIXELS,
  MAX_IMAGE_PROCESSES,
  MAX_WAITING_IMAGES,
  MAX_WHOLE_IMAGE_PIXELS,
} from './limits';
import { Turns } from './turns';

const FAILED = 'decoding it took too long or failed';

interface WorkersOptions {
  readonly start?: () => ImageWorker;
  readonly timeoutMs?: number;
}

/** The processes that decode images. They start when one is needed, and end when none was for a while. */
export class ImageWorkers {
  private readonly turns = new Turns(MAX_IMAGE_PROCESSES, MAX_WAITING_IMAGES);
  private readonly idle: ImageWorker[] = [];
  private readonly workers = new Set<ImageWorker>();
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WorkersOptions = {}) {}

  /**
   * @param image called when it is the image's turn.
   * @param edge pixels.
   * @returns undefined at once when too many images wait.
   */
  make(image: () => AsyncIterable<Uint8Array>, edge: number): Promise<ImageOutcome> | undefined {
    return this.turns.run(() => this.makeNow(image, edge));
  }

  /** Ends all of them; images under way are refused. */
  close(): void {
    clearTimeout(this.idleTimer);
    for (const worker of this.workers) worker.kill();
    this.workers.clear();
    this.idle.length = 0;
  }

  private async makeNow(image: () => AsyncIterable<Uint8Array>, edge: number): Promise<ImageOutcome> {
    const idle = this.takeIdle();
    const made = idle && (await this.makeWith(idle, image(), edge)); // it may have died before, of something else
    return made ?? (await this.makeWith(this.start(), image(), edge)) ?? { type: 'refused', reason: FAILED };
  }

  private async makeWith(worker: ImageWorker, image: AsyncIterable<Uint8Array>, edge: number) {
    const [maxPixels, maxWholePixels] = [MAX_IMAGE_PIXELS, MAX_WHOLE_IMAGE_PIXELS];
    const order = { type: 'make' as const, edge, maxPixels, maxWholePixels, seconds: DECODE_SECONDS };
    try {
      return await worker.make(image, order, this.options.timeoutMs ?? DECODE_KILL_MS);
    } finally {
      this.giveBack(worker);
    }
  }

  private takeIdle(): ImageWorker | undefined {
    for (let worker = this.idle.pop(); worker; worker = this.idle.pop()) {
      if (worker.isAlive) return worker;
      this.workers.delete(worker);
    }
    return undefined;
  }

  private start(): ImageWorker {
    const worker = this.options.start?.() ?? ImageWorker.start();
    this.workers.add(worker);
    return worker;
  }

  private giveBack(worker: ImageWorker): void {
    if (worker.isAlive && this.workers.has(worker)) this.idle.push(worker);
    else this.workers.delete(worker);
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.endIdle(), IMAGE_PROCESS_IDLE_MS).unref();
  }

  private endIdle(): void {
    for (const worker of this.idle.splice(0)) {
      worker.kill();
      this.workers.delete(worker);
    }
  }
}
