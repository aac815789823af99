import { setTimeout as delay } from 'node:timers/promises';
import { MEBIBYTE, type NodeProcess } from '@ferry/test-nodes';
import { HEALTH_MS } from './mode';
import { HealthWatch } from './watch/health-watch';
import type { HonestPeer } from './watch/honest-peer';
import { Inspector } from './watch/inspector';
import { LogWatch } from './watch/log-watch';
import { ProcessFigures } from './watch/process-figures';
import { treeChanges, treePrint } from './watch/tree-print';

const EXTRA_DESCRIPTORS = 2;
/** Files that the node reads for peers stay open for 5 s. */
const DESCRIPTORS_WITHIN_MS = 12_000;
const POLL_MS = 100;
const MEMORY_TRIES = 20;

/** What was measured between `begin` and `check`. */
export interface Measured {
  readonly healthMaxMs: number;
  readonly memoryGrowthMiB: number;
  readonly extraDescriptors: number;
  readonly honestTransfers: number;
  readonly logLines: number;
}

interface Baseline {
  readonly memory: number;
  readonly descriptors: readonly string[];
  readonly tree: ReadonlyMap<string, string>;
  readonly transfers: number;
  readonly logLines: number;
}

/** The eight invariants, watched on a running node from outside. The eighth, reply bytes, each `Ground` counts on its sockets. */
export class Invariants {
  private readonly log: LogWatch;
  private readonly figures: ProcessFigures;
  private baseline?: Baseline;
  private health: HealthWatch;

  private constructor(
    private readonly node: NodeProcess,
    private readonly honest: HonestPeer,
    private readonly inspector: Inspector,
    /** Paths below the node's root that cases may create. */
    private readonly isExpected: (path: string) => boolean,
    private readonly memoryMiB: number,
  ) {
    this.log = new LogWatch(node.process);
    this.figures = new ProcessFigures(node.process.pid ?? 0, node.ports.http);
    this.health = new HealthWatch(node.ports.http, this.figures);
  }

  static async watch(
    node: NodeProcess,
    honest: HonestPeer,
    isExpected: (path: string) => boolean,
    memoryMiB = 16,
  ): Promise<Invariants> {
    return new Invariants(node, honest, await Inspector.attach(node.process), isExpected, memoryMiB);
  }

  /** Processor time that the node has used, in milliseconds. */
  cpuMs(): Promise<number> {
    return this.figures.cpuMs();
  }

  /** Resident memory of the node after garbage collection, in bytes. */
  async memory(): Promise<number> {
    await this.inspector.collectGarbage();
    await this.inspector.collectGarbage(); // what finalizers released
    return this.figures.memory();
  }

  /** Open descriptors of the node, without HTTP. */
  async descriptors(): Promise<number> {
    return (await this.figures.descriptors()).length;
  }

  /** Takes the baseline and begins the honest transfer. */
  async begin(): Promise<void> {
    this.baseline = {
      memory: await this.memory(),
      descriptors: await this.figures.descriptors(),
      tree: await treePrint(this.node.folders),
      transfers: this.honest.transfers,
      logLines: this.log.lines,
    };
    this.log.violations.length = 0;
    this.health = new HealthWatch(this.node.ports.http, this.figures);
    this.health.start();
    this.honest.start();
  }

  /** Ends what `begin` began. @throws Error that names every invariant that does not hold. */
  async check(): Promise<Measured> {
    const { memory, descriptors, tree, transfers, logLines } = this.baseline as Baseline;
    const broken: string[] = [];
    await this.honest.stop().catch((error: unknown) => broken.push(`3: ${String(error)}`));
    await this.health.stop();
    await this.health.ask(); // and after it all
    if (!this.node.isRunning) throw new Error(`1: the process is gone\n${this.node.report()}`);
    broken.push(...this.log.violations.map((line) => `1, 7: ${line}`));
    if (this.health.maxMs > HEALTH_MS) broken.push(`2: /health/live took ${Math.round(this.health.maxMs)} ms`);
    const extraDescriptors = await this.settledDescriptors(descriptors.length);
    if (extraDescriptors > EXTRA_DESCRIPTORS) {
      const now = await this.figures.descriptors();
      const added = now.filter((target) => !descriptors.includes(target));
      broken.push(`4: ${extraDescriptors} more descriptors than before, new: ${added.join(', ')}`);
    }
    const memoryGrowthMiB = await this.settledGrowth(memory, this.memoryMiB);
    if (memoryGrowthMiB > this.memoryMiB) broken.push(`5: ${memoryGrowthMiB.toFixed(1)} MiB more memory`);
    const changes = treeChanges(tree, await treePrint(this.node.folders));
    const surprises = changes.filter((path) => !this.isExpected(path));
    if (surprises.length > 0) broken.push(`6: changed on disk: ${surprises.slice(0, 10).join(', ')}`);
    if (broken.length > 0) throw new Error(`invariants broken:\n${broken.join('\n')}\n${this.node.report()}`);
    return {
      healthMaxMs: this.health.maxMs,
      memoryGrowthMiB,
      extraDescriptors,
      honestTransfers: this.honest.transfers - transfers,
      logLines: this.log.lines - logLines,
    };
  }

  /**
   * How much more memory the node has than before, in MiB. Pages go back to the system a little later than objects are freed.
   * @param before bytes.
   * @param enoughMiB less than this is good enough.
   */
  async settledGrowth(before: number, enoughMiB: number): Promise<number> {
    let growth = Infinity;
    for (let tries = 0; tries < MEMORY_TRIES && growth > enoughMiB * MEBIBYTE; tries += 1) {
      if (tries > 0) await delay(POLL_MS);
      growth = Math.min(growth, (await this.memory()) - before);
    }
    return growth / MEBIBYTE;
  }

  async close(): Promise<void> {
    await this.health.stop();
    this.log.close();
    this.inspector.close();
  }

  private async settledDescriptors(before: number): Promise<number> {
    const endsAt = Date.now() + DESCRIPTORS_WITHIN_MS;
    for (;;) {
      const extra = (await this.descriptors()) - before;
      if (extra <= EXTRA_DESCRIPTORS || Date.now() > endsAt) return extra;
      await delay(POLL_MS);
    }
  }
}
