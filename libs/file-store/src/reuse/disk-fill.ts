import { setImmediate as nextTurn } from 'node:timers/promises';
import { blockLength } from '@ferry/protocol';
import { COPIES_IN_FLIGHT, COPY_BLOCKS, LOOKUP_BLOCKS } from '../limits';
import type { BlockIndex, BlockPlace } from './block-index';
import { inLanes } from './in-lanes';
import type { OpenSource, SourceFiles } from './source-files';

/** Block `block` of the file to be filled may be block `from` of the source. */
export interface BlockCopy {
  readonly block: number;
  readonly from: number;
}

/** A file whose missing blocks are looked for on this disk. */
export interface ReuseTarget {
  readonly size: number;
  readonly hashes: Uint8Array;
  missingBlocks(): number[];
  /**
   * Copies those of the blocks that turn out right.
   * @returns one byte for each: 1 = it was right.
   */
  copyBlocks(from: OpenSource, copies: readonly BlockCopy[]): Promise<Uint8Array>;
}

/** A missing block and the places left to try. */
interface WantedBlock {
  readonly block: number;
  readonly places: readonly BlockPlace[];
}

/** One search for the missing blocks of a file. */
export class DiskFill {
  /** Sources that could not be opened: not tried again. */
  private readonly unusable = new Set<number>();

  constructor(
    private readonly index: BlockIndex,
    private readonly files: SourceFiles,
    private readonly target: ReuseTarget,
    private readonly onBytes: (count: number) => void,
  ) {}

  /** @throws FileStoreError NO_SPACE, IO of the file that is written to; AbortError. */
  async run(missing: readonly number[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < missing.length; at += LOOKUP_BLOCKS) {
      signal.throwIfAborted();
      if (at > 0) await nextTurn();
      await this.copy(missing.slice(at, at + LOOKUP_BLOCKS), signal);
    }
  }

  /** Source by source: each has as many of the blocks as it may hold. */
  private async copy(blocks: readonly number[], signal: AbortSignal): Promise<void> {
    const wanted = blocks.map((block) => ({ block, places: this.index.places(this.target.hashes, block) }));
    let left = withPlaces(wanted, ({ source }) => !this.unusable.has(source));
    for (let first = left[0]?.places[0]; first !== undefined; first = left[0]?.places[0]) {
      const { source } = first;
      const found = new Set(await this.copyFrom(source, left, signal));
      const others = left.filter(({ block }) => !found.has(block));
      left = withPlaces(others, (place) => place.source !== source);
    }
  }

  /** @returns the blocks that `source` had. */
  private async copyFrom(source: number, wanted: readonly WantedBlock[], signal: AbortSignal): Promise<number[]> {
    const opened = await this.files.open(source);
    if (!opened) this.unusable.add(source);
    if (!opened) return [];
    const found: number[] = [];
    const wrong: BlockCopy[] = [];
    const copy = async (copies: readonly BlockCopy[]): Promise<void> => {
      const verdicts = await this.target.copyBlocks(opened, copies);
      const right = copies.filter((_, at) => verdicts[at] === 1).map(({ block }) => block);
      found.push(...right);
      wrong.push(...copies.filter((_, at) => verdicts[at] !== 1));
      this.onBytes(right.reduce((bytes, block) => bytes + blockLength(block, this.target.size), 0));
    };
    try {
      await inLanes(COPIES_IN_FLIGHT, slices(copiesFrom(source, wanted), COPY_BLOCKS), copy, signal);
    } finally {
      await opened.handle.close();
    }
    await this.forget(source, wrong);
    return found;
  }

  private async forget(source: number, wrong: readonly BlockCopy[]): Promise<void> {
    if (wrong.length === 0) return;
    const { hashes } = this.target;
    await this.index.database.batch(() =>
      wrong.forEach(({ block, from }) => this.index.forget(hashes, block, { source, block: from })),
    );
  }
}

function withPlaces(wanted: readonly WantedBlock[], isUsable: (place: BlockPlace) => boolean): WantedBlock[] {
  const usable = wanted.map(({ block, places }) => ({ block, places: places.filter(isUsable) }));
  return usable.filter(({ places }) => places.length > 0);
}

function copiesFrom(source: number, wanted: readonly WantedBlock[]): BlockCopy[] {
  return wanted.flatMap(({ block, places }) => {
    const place = places.find((candidate) => candidate.source === source);
    return place ? [{ block, from: place.block }] : [];
  });
}

function slices<T>(items: readonly T[], length: number): (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += length) parts.push(items.slice(from, from + length));
  return parts;
}
