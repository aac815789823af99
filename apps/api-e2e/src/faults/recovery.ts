import type { Transfer } from '@ferry/protocol';
import { ApiFailure, MEBIBYTE, untilTransfer } from '@ferry/test-nodes';
import { type Claim, Claims } from './claims';
import type { FileSet } from './file-set';
import { expectFigures, expectHonest, expectNothingStaged, expectWhole, inspectDisk, type OnDisk } from './oracle';
import type { Pair } from './pair';

/** TLS, frames, lists and manifests, and what is asked again of a session that a kill cut off. */
const OVERHEAD_BYTES = 1 * MEBIBYTE;
const COMPLETE_MS = 45_000;

interface Expected {
  /** Bytes of the set that must not be asked for again, beside what is published. */
  readonly safeBytes?: number;
  /** The node lived to see the fault and may have told its user, who asks again. */
  readonly mayHaveFailed?: boolean;
}

/** A transfer that begins; whether the node lives to answer is open. */
export class TransferUnderFault {
  private constructor(
    private readonly pair: Pair,
    readonly set: FileSet,
    private readonly claims: Claims,
    /** Rejects when the node ends before it has answered. */
    readonly begun: Promise<Transfer>,
  ) {}

  static async begin(pair: Pair, set: FileSet): Promise<TransferUnderFault> {
    const claims = await Claims.follow(pair.node);
    const begun = pair.pull(set);
    begun.catch(() => undefined); // looked at by who awaits it
    return new TransferUnderFault(pair, set, claims, begun);
  }

  /** Resolves when the transfer is over in a way that `isReached` wants, or the node is gone. */
  async until(isReached: (transfer: Transfer) => boolean, timeoutMs = COMPLETE_MS): Promise<Transfer | 'gone'> {
    try {
      const { id } = await this.begun;
      return await untilTransfer(this.pair.api, id, isReached, timeoutMs);
    } catch (error) {
      if (await this.isGone()) return 'gone';
      throw error;
    }
  }

  /** Follows it to its end and judges that, or to the end of the process, which may also come when all is complete. */
  async endsOrGoes(): Promise<'complete' | 'gone'> {
    const ended = await this.until(({ state }) => state === 'complete');
    if (ended === 'gone') return 'gone';
    try {
      await this.judgeEnd(ended);
      return 'complete';
    } catch (error) {
      if (await this.isGone()) return 'gone';
      throw error;
    }
  }

  /** How it ended without help: `refused` when it was never begun, `gone` when the node ended. */
  async settled(timeoutMs: number): Promise<Transfer | 'refused' | 'gone'> {
    const isRefused = await this.begun.then(
      () => false,
      (error: unknown) => error instanceof ApiFailure,
    );
    if (isRefused) return 'refused';
    return this.until(({ state }) => state === 'complete' || state === 'failed', timeoutMs);
  }

  /** While the node runs: what it says is true, and nothing unverified is visible. */
  async judgeLiving(): Promise<void> {
    const claim = this.claims.last(); // first: more may come to the disk meanwhile
    expectHonest(claim, await inspectDisk(this.pair.node.folders.received, this.set, this.pair.sets), 'while it ran');
  }

  /** What was said until now and must survive a power cut: whole files. Single blocks have 2 s more. */
  promised(): Claim {
    return { ...this.claims.last(), verifiedBytes: 0 };
  }

  /** After the end of the process: what was said was true, and nothing unverified is visible. */
  async judgeRemains(claim = this.claims.last()): Promise<OnDisk> {
    const disk = await inspectDisk(this.pair.node.folders.received, this.set, this.pair.sets);
    expectHonest(claim, disk, 'before its end');
    this.claims.close();
    return disk;
  }

  /**
   * Starts the node again: it must say the truth before any byte comes, go on by itself, and ask for nothing that is
   * published already. Leaves no transfer in its list.
   */
  async recover(disk: OnDisk, { safeBytes = 0, mayHaveFailed = false }: Expected = {}): Promise<void> {
    const { pair, set } = this;
    const before = pair.onTheWire;
    const found = await pair.whileSenderIsSilent(async () => {
      await pair.node.start();
      const transfer = await pair.transfer();
      if (transfer) await this.expectTrue(transfer);
      return transfer;
    });
    if (!found && disk.published.length === set.files.length) return this.judgeRemoved();
    let transfer = found ?? (await pair.pull(set)); // it was never promised: the user asks again
    if (transfer.state === 'failed' && mayHaveFailed) transfer = await pair.api.retry(transfer.id);
    const done = await untilTransfer(pair.api, transfer.id, ({ state }) => state === 'complete', COMPLETE_MS);
    await this.judgeEnd(done);
    const published = disk.published.reduce((sum, { size }) => sum + size, 0);
    const kept = Math.max(published, safeBytes);
    const asked = pair.onTheWire - before;
    if (asked > set.bytes - kept + OVERHEAD_BYTES)
      throw new Error(`invariant 3: ${asked} bytes were sent again, ${kept} of ${set.bytes} were safe`);
  }

  /** What a node says that was just started, while nothing can come: it may have finished what was there. */
  async expectTrue({ files, verifiedBytes, doneBytes, state }: Transfer): Promise<void> {
    const claim = { filesDone: files.done, verifiedBytes: Math.max(verifiedBytes, doneBytes) };
    const disk = await inspectDisk(this.pair.node.folders.received, this.set, this.pair.sets);
    expectHonest(claim, disk, `after the start, ${state},`);
  }

  /** The end came while the complete transfer was being taken off the list: its files stay. */
  private async judgeRemoved(): Promise<void> {
    const { pair, set } = this;
    await expectWhole(pair.api, pair.node.folders.received, set, pair.sets);
    await expectNothingStaged(pair.node.folders.received);
    this.claims.close();
    pair.isDirty = false;
  }

  /** The transfer is complete and everything is as it must be then. */
  async judgeEnd(done: Transfer): Promise<void> {
    const { pair } = this;
    await this.expectComplete(done);
    await expectNothingStaged(pair.node.folders.received);
    await pair.api.removeTransfer(done.id);
    this.claims.close();
    pair.isDirty = false;
  }

  /** As `judgeEnd`, but for what could not be removed, and once more after a restart: what is kept is what was said. */
  async judgeEndTwice(done: Transfer): Promise<void> {
    await this.expectComplete(done);
    await this.pair.node.stop();
    await this.pair.node.start();
    const again = await this.pair.api.transfer(done.id);
    if (again.state !== 'complete') throw new Error(`invariant 8: complete, and after a restart ${again.state}`);
    await this.judgeEnd(again);
  }

  private async expectComplete(done: Transfer): Promise<void> {
    const { pair, set } = this;
    await expectWhole(pair.api, pair.node.folders.received, set, pair.sets);
    expectFigures(done, set);
  }

  /** A request that fails because the process is just ending comes before its end is seen. */
  private async isGone(): Promise<boolean> {
    if (!this.pair.node.isRunning) return true;
    return this.pair.api.status().then(
      () => false,
      async () => {
        await this.pair.node.process.end();
        return true;
      },
    );
  }
}
