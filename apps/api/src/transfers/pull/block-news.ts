import { EVENTS, MAX_AVAILABLE_RANGES } from '@ferry/protocol';
import { coalesce, type Coalesced } from '../../peers/coalesce';
import type { PeerSession } from '../../transport/peer-session';
import { BlockRanges } from '../serving/block-ranges';
import { rangesOf } from './file-pull';

/** Between two notices about one file. PROTOCOL.md section 5. */
const NOTICE_MS = 1_000;
/** Notices to one session in a second, over all files: far below what a peer takes for a flood. */
const MAX_NOTICES_PER_SECOND = 100;

interface Second {
  readonly startedAt: number;
  notices: number;
}

const seconds = new WeakMap<PeerSession, Second>();

/** Tells the peer that a file is pulled from which blocks of it are here. A hint: among many small files most are left out. */
export class BlockNews {
  private readonly untold = new BlockRanges();
  private readonly tell: Coalesced;

  constructor(
    private readonly session: PeerSession,
    private readonly fileId: string,
  ) {
    this.tell = coalesce(() => this.send(), NOTICE_MS);
  }

  /** @param blocks verified and on the disk. */
  add(blocks: readonly number[]): void {
    if (blocks.length === 0) return;
    this.untold.add(rangesOf(blocks.toSorted((a, b) => a - b)));
    this.tell();
  }

  /** Nothing more is told. */
  stop(): void {
    this.tell.stop();
  }

  private send(): void {
    if (!hasRoom(this.session)) return;
    const ranges = this.untold.take(MAX_AVAILABLE_RANGES);
    this.session.notify(EVENTS.blocksAvailable, { fileId: this.fileId, ranges });
    if (this.untold.blockCount > 0) this.tell();
  }
}

function hasRoom(session: PeerSession): boolean {
  const now = performance.now();
  const known = seconds.get(session);
  const second = known && now - known.startedAt < 1_000 ? known : { startedAt: now, notices: 0 };
  seconds.set(session, second);
  second.notices += 1;
  return second.notices <= MAX_NOTICES_PER_SECOND;
}
