import { cp, open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '@ferry/test-nodes';
import { SEED } from '../mode';
import { Pair } from '../pair';
import { Random } from '../random';
import { TransferUnderFault } from '../recovery';
import type { FaultGroup, Scenario } from '../scenario';
import { type Damaged, expectTruth } from './sqlite-truth';

const PAGE_BYTES = 4_096;
const ZEROED_PAGES = 60;
const TRUNCATIONS = 20;
const BACKUP_MS = 20_000;
const BACKUP_POLL_MS = 100;

/** When the damage is done. */
type Moment = 'after a kill in mid-transfer' | 'after a stop';

interface Damage {
  readonly name: string;
  readonly moment: Moment;
  /** @param database path of the file. */
  apply(database: string, random: Random): Promise<void>;
}

/** The node starts and tells the truth, or it refuses in one line that says what to do, and that helps. */
export const DAMAGED_DATABASE: FaultGroup = {
  name: 'sqlite',
  title: 'pages of the database are zeroed, its log is lost or cut off, its files are gone',
  share: 9,
  async open(defer) {
    const pair = await Pair.open(defer);
    await untilBackup(pair);
    return damages().map((damage, index): Scenario => ({
      name: `${damage.name} ${damage.moment}`,
      run: () => damagedBy(pair, damage, new Random(SEED * 1_000 + index)),
    }));
  },
};

function damages(): Damage[] {
  const both: readonly Moment[] = ['after a kill in mid-transfer', 'after a stop'];
  const killed: Moment = 'after a kill in mid-transfer';
  const zeroed = Array.from({ length: ZEROED_PAGES }, (_, index): Damage => ({
    name: `page zeroed (${index + 1})`,
    moment: both[index % 2] as Moment,
    apply: (database, random) => zeroPage(database, 0, random),
  }));
  const cut = Array.from({ length: TRUNCATIONS }, (_, index): Damage => ({
    name: `log cut off (${index + 1})`,
    moment: killed,
    apply: async (database, random) =>
      truncate(`${database}-wal`, random.between(0, (await stat(`${database}-wal`)).size)),
  }));
  const holed = Array.from({ length: TRUNCATIONS }, (_, index): Damage => ({
    name: `page of the log zeroed (${index + 1})`,
    moment: killed,
    apply: (database, random) => zeroPage(`${database}-wal`, 32, random),
  }));
  return [
    ...zeroed,
    ...cut,
    ...holed,
    { name: 'log lost', moment: killed, apply: (database) => rm(`${database}-wal`) },
    ...both.flatMap((moment): Damage[] => [
      { name: 'first page zeroed', moment, apply: (database) => zero(database, 0) },
      { name: 'file emptied', moment, apply: (database) => truncate(database, 0) },
      { name: 'file lost', moment, apply: (database) => rm(database) },
      { name: 'file cut off', moment, apply: (database) => truncate(database, 2 * PAGE_BYTES) },
      { name: 'device key lost', moment, apply: (database) => rm(join(database, '../identity.key')) },
      { name: 'device key emptied', moment, apply: (database) => truncate(join(database, '../identity.key'), 0) },
    ]),
  ];
}

async function damagedBy(pair: Pair, damage: Damage, random: Random): Promise<string> {
  await pair.ready();
  const { data } = pair.node.folders;
  const identity = (await pair.api.status()).device.id;
  const transfer = await TransferUnderFault.begin(pair, await pair.sets.next());
  await stopAt(pair, transfer, damage.moment, random);
  await cp(data, `${data}-sound`, { recursive: true });
  try {
    await damage.apply(join(data, 'ferry.sqlite'), random);
    await transfer.judgeRemains();
    const damaged: Damaged = { pair, transfer, identity, name: damage.name };
    return `${damage.name.replace(/ \(\d+\)/, '')}: ${await expectTruth(damaged)}`;
  } finally {
    await rm(`${data}-sound`, { recursive: true, force: true });
  }
}

async function stopAt(pair: Pair, transfer: TransferUnderFault, moment: Moment, random: Random): Promise<void> {
  if (moment === 'after a stop') {
    await transfer.until(({ state }) => state === 'complete');
    await pair.node.stop();
    return;
  }
  const { id } = await transfer.begun;
  const bytes = random.between(1, transfer.set.bytes);
  await transfer.until((now) => now.id === id && (now.verifiedBytes >= bytes || now.state === 'complete'));
  await pair.node.kill();
}

async function zeroPage(file: string, first: number, random: Random): Promise<void> {
  const stride = first === 0 ? PAGE_BYTES : PAGE_BYTES + 24;
  const pages = Math.floor(((await stat(file)).size - first) / stride);
  await zero(file, first + random.between(0, Math.max(1, pages)) * stride);
}

async function zero(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.alloc(PAGE_BYTES), 0, PAGE_BYTES, at);
  } finally {
    await handle.close();
  }
}

/** The copy is made some seconds after the devices were paired. */
async function untilBackup({ node }: Pair): Promise<void> {
  const copy = join(node.folders.data, 'backup/ferry.sqlite');
  const made = async () => {
    while (!(await stat(copy).catch(() => undefined)))
      await new Promise((resolve) => setTimeout(resolve, BACKUP_POLL_MS));
  };
  await withDeadline(made(), BACKUP_MS, 'the backup copy');
}
