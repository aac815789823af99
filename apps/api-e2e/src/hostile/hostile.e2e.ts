/*
 * Every sequence of hostile input that the project counts (ids.ts), sent to a real node over real sockets, in both roles:
 * the attacker dials the node, or the node was told to dial the attacker.
 *
 * To add a case: put a row into the table of its group (groups/<letter>-<role>.ts):
 *   { id: 'W031', role: 'server', title: 'what is sent', expect: 'K', run: async (ground) => { ... } }
 * or, when the sequence does not exist in ferry/1, { id, role, reason }. Each id has one row for each role; a test says
 * which are missing. `run` sends and judges: `ground` (ground.ts) has attackers with an address and a key of their own,
 * hostile servers and the ways to make the node dial them; verdicts.ts has one function for each verdict; what is open at
 * the end is closed, and peers are forgotten. `alone: true` for what would disturb the cases beside it.
 * The eight invariants are watched by invariants.ts, whatever a case does.
 *
 * `npm test`: cases side by side, deadlines scaled down, invariants once a group. `FERRY_HOSTILE=full`: one by one, real
 * deadlines, invariants after each. `FERRY_HOSTILE_ONLY='W03.'`: these cases only. The table at the end counts.
 */
import { GROUPS } from './groups';
import { SEQUENCES } from './ids';
import { Results } from './results';
import { describeGroup } from './run-group';

// Attackers come from addresses of 127.0.0.0/8, and the figures from /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('hostile sequences', () => {
  const results = new Results(GROUPS);
  afterAll(() => void process.stdout.write(results.table()));
  it('every group of sequences has its cases', () => {
    expect(GROUPS.map(({ name }) => name)).toEqual(Object.keys(SEQUENCES));
  });

  for (const group of GROUPS) describeGroup(group, results);
});
