import type { Socket } from 'node:net';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { expectAlive } from '../verdicts';
import { withDeadline } from '@ferry/test-nodes';

const CONNECTIONS = 1_000;
const AT_ONCE = 25;
const STALLED = 64;
const PER_ADDRESS = 8;
/** More than the second that is promised when other cases keep the machine busy. */
const HONEST_MS = IS_FULL ? 1_000 : 5_000;

async function inBatches(count: number, atOnce: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - done) }, work));
  }
}

async function churn(ground: Ground): Promise<void> {
  await inBatches(CONNECTIONS, AT_ONCE, async () => (await ground.tcp(ground.address)).destroy());
  await expectAlive(await ground.pair());
}

async function churnOfServers(ground: Ground): Promise<void> {
  const server = await ground.listen({ onTcp: (socket) => void socket.destroy() });
  await inBatches(CONNECTIONS, AT_ONCE, async () => expect((await ground.nodeAdds(server)).status).toBe(502));
  expect(server.connections.length).toBeGreaterThanOrEqual(CONNECTIONS);
}

/** Handshakes that never end, from as few addresses as may have them; then somebody honest. */
async function stalledClients(ground: Ground): Promise<void> {
  const sockets: Socket[] = [];
  for (let count = 0; count < STALLED / PER_ADDRESS; count += 1) {
    const from = ground.newAddress();
    for (let each = 0; each < PER_ADDRESS; each += 1) sockets.push((await ground.tcp(from)).resume());
  }
  expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(0);
  await withDeadline(ground.greet(), HONEST_MS, 'the hello of an honest device');
}

async function stalledServers(ground: Ground): Promise<void> {
  const silent = await ground.listen({ onTcp: (socket) => void socket.resume() });
  const waiting = Array.from({ length: STALLED }, () => ground.nodeAdds(silent));
  while (silent.connections.length === 0) await Promise.race(waiting);
  const honest = await ground.listen();
  const added = await withDeadline(ground.nodeAdds(honest), HONEST_MS, 'the hello of an honest device');
  expect(added.status).toBe(201);
  await Promise.all(waiting);
}

const alone = (id: string, role: Role, title: string, run: (ground: Ground) => Promise<void>): HostileCase => ({
  id,
  role,
  title,
  expect: 'OK',
  alone: true,
  run,
});

/** Very many connections that come to nothing. */
export const MANY_ROWS: readonly HostileCase[] = [
  alone('W002', 'server', `connect and close at once, ${CONNECTIONS} times`, churn),
  alone('W002', 'client', `a server that closes at once, dialled ${CONNECTIONS} times`, churnOfServers),
  alone('W015', 'server', `${STALLED} stalled handshakes, then an honest peer`, stalledClients),
  alone('W015', 'client', `${STALLED} servers that stall in the handshake, then an honest one`, stalledServers),
];
