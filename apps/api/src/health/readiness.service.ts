import { Injectable } from '@nestjs/common';

const PARTS = ['http', 'peer', 'share'] as const;

/** What must be up before the node is ready: both listeners, and one whole look at the share. */
export type ReadinessPart = (typeof PARTS)[number];

/** Knows which parts of the node are up. */
@Injectable()
export class ReadinessService {
  private readonly ready = new Set<ReadinessPart>();

  /** To be called by the part itself, once it is up. */
  mark(part: ReadinessPart): void {
    this.ready.add(part);
  }

  /** Empty once the node is ready. */
  get missing(): readonly ReadinessPart[] {
    return PARTS.filter((part) => !this.ready.has(part));
  }
}
