import { setImmediate as nextTurn } from 'node:timers/promises';
import { HASH_BYTES } from '@ferry/protocol';
import { INDEX_ROUND_BLOCKS, INDEX_STEP_BLOCKS } from '../limits';
import type { BlockIndex, UnindexedPiece } from './block-index';
import { sweepDeadPlaces } from './dead-places';
import { PlaceRound } from './place-round';

const KICK_DELAY_MS = 100;
type IndexedPiece = Pick<UnindexedPiece, 'source' | 'next'>;

/** Sources asked for, and blocks whose hashes are read, in one turn of the event loop. */
const SOURCES_PER_TURN = 64;
const BLOCKS_PER_TURN = 4_096;

/**
 * Indexes the blocks of large files in the background, newest first, and sweeps dead places out. It works in rounds of a
 * fixed number of blocks, so that its memory is bounded.
 */
export class IndexFiller {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly index: BlockIndex,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** To be called whenever a file may have got new hashes, or none any more. */
  kick(): void {
    if (this.isClosed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.idle().catch(this.onFault);
    }, KICK_DELAY_MS).unref();
  }

  /** Resolves when what was indexed last is findable: after one round at most, whatever else waits. */
  async caughtUp(): Promise<void> {
    await this.round;
    if (!this.isClosed && this.index.hasUnindexed()) await this.runRound();
  }

  /** Resolves when nothing waits to be indexed or swept. */
  idle(): Promise<void> {
    const work = this.last.then(() => this.workOff());
    this.last = work.catch(() => undefined); // told to who waits for it; the next one tries again
    return work;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.last;
    await this.round?.catch(() => undefined);
  }

  private async workOff(): Promise<void> {
    while (!this.isClosed && this.index.hasUnindexed()) await this.runRound();
    if (!this.isClosed) await sweepDeadPlaces(this.index.database, () => this.isClosed);
  }

  private runRound(): Promise<void> {
    this.round ??= this.indexRound().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async indexRound(): Promise<void> {
    const { database } = this.index;
    const { pieces, places } = await this.gather();
    for (const step of places.steps(INDEX_STEP_BLOCKS)) {
      if (this.isClosed) return;
      await database.batch(() => step.forEach((at) => places.insert(this.index, at)));
    }
    for (let from = 0; from < pieces.length && !this.isClosed; from += INDEX_STEP_BLOCKS) {
      const step = pieces.slice(from, from + INDEX_STEP_BLOCKS);
      await database.batch(() => step.forEach((piece) => this.index.setIndexed(piece)));
    }
  }

  private async gather(): Promise<{ pieces: IndexedPiece[]; places: PlaceRound }> {
    const places = new PlaceRound(INDEX_ROUND_BLOCKS);
    const pieces: IndexedPiece[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    while (places.room > 0 && !this.isClosed) {
      const waiting = this.index.unindexed(before, SOURCES_PER_TURN);
      for (const { source, next } of waiting) {
        if (places.room === 0) break;
        const piece = this.index.unindexedPiece(source, next, places.room);
        pieces.push({ source, next: piece.next });
        await this.add(places, piece);
      }
      if (waiting.length < SOURCES_PER_TURN) break;
      before = waiting.at(-1)?.source ?? 0;
      await nextTurn();
    }
    return { pieces, places };
  }

  private async add(places: PlaceRound, { source, firstBlock, hashes }: UnindexedPiece): Promise<void> {
    const step = BLOCKS_PER_TURN * HASH_BYTES;
    for (let offset = 0; offset < hashes.length; offset += step) {
      places.add(source, firstBlock + offset / HASH_BYTES, hashes.subarray(offset, offset + step));
      if (hashes.length >= step) await nextTurn();
    }
  }
}
