import { EventReader, isEvent, type NodeProcess } from '@ferry/test-nodes';

export interface Claim {
  readonly filesDone: number;
  readonly verifiedBytes: number;
}

/** What a node said about its transfers until it ended: all of it must be true afterwards. */
export class Claims {
  private constructor(private readonly reader: EventReader) {}

  static async follow({ api }: NodeProcess): Promise<Claims> {
    return new Claims(await EventReader.open(api.origin));
  }

  /** Files and bytes that were said to be here. */
  last(): Claim {
    let claim: Claim = { filesDone: 0, verifiedBytes: 0 };
    for (const event of this.reader.seen) {
      if (isEvent(event, 'transfers.changed') || isEvent(event, 'transfers.added')) {
        const { files, verifiedBytes } = event.data;
        claim = { filesDone: files.done, verifiedBytes };
      } else if (isEvent(event, 'transfers.progress')) {
        for (const [, , , , verifiedBytes] of event.data.items) claim = { ...claim, verifiedBytes };
      }
    }
    return claim;
  }

  close(): void {
    this.reader.close();
  }
}
