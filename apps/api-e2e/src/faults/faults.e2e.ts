/*
 * What a receiving node makes of every fault that a disk, a kernel or a power cut can do to it. The node is the built
 * program, a black box; the faults are real: strace, kills, full and broken file systems, images of a disk taken in flight.
 *
 * After each the oracle (oracle.ts, recovery.ts) judges the invariants of the design: nothing unverified is visible (2), no
 * byte of what was published is asked for again (3), what the API says is what the disk holds (8), the transfer goes on by
 * itself, nothing is left over, the database opens.
 *
 * To add faults: a file in groups/ with a `FaultGroup`, and its name in groups.ts. A group opens what its scenarios share
 * and gives the list of them; what the machine cannot do throws `Unable` and is counted by name.
 *
 * `npm test`: a share of three minutes, another one each time. `npm run test:faults`: all. See mode.ts for the variables.
 */
import { GROUPS } from './groups';
import { Results } from './results';
import { describeGroup } from './run-group';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('faults', () => {
  const results = new Results();
  afterAll(() => void process.stdout.write(results.table()));
  for (const group of GROUPS) describeGroup(group, results);
});
