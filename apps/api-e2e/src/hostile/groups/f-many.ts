import type { Socket } from 'node:net';
import { withDeadline } from '@ferry/test-nodes';
import { helloOf, responseFrame } from '../../support/raw-frame';
import type { HostileCase, Role, Row } from '../case';
import type { Ground } from '../ground';
import { IS_FULL, scaledMs } from '../mode';
import { starvedNode } from './starved-node';

const FROM_ONE = 1_000;
const PER_ADDRESS = 8;
const FROM_MANY = 512;
const ADDRESSES = 100;
const UNGREETED = 64;
const AT_ONCE = 50;
/** More than the tenth of a second, and the second, that are promised, when the machine is busy. */
const CLOSED_MS = IS_FULL ? 1_000 : 10_000;
/** Who is refused is closed sooner; who is kept may stay until the deadline of the hello, or until newer ones come. */
const KEPT_MS = scaledMs(1) * 0.9;
const HONEST_MS = IS_FULL ? 1_000 : 5_000;

const CYCLES = IS_FULL ? 10_000 : 500;
const LANES = 8;
const GROWTH_MIB = 16;

/** A connection that says nothing. */
interface Line {
  readonly socket: Socket;
  /** Not there while it is open. */
  livedMs?: number;
}

/** Opens connections that say nothing. @returns all of them, those that were closed at once too. */
async function connectMany(ground: Ground, count: number, from: (index: number) => string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let done = 0; done < count; done += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => ground.tcp(from(done + index)));
    for (const socket of await Promise.all(batch)) {
      const startedAt = performance.now();
      const line: Line = { socket: socket.resume() };
      socket.once('close', () => (line.livedMs = performance.now() - startedAt));
      lines.push(line);
    }
  }
  return lines;
}

/** Resolves when at most so many are open. */
async function untilAtMost(sockets: readonly Socket[], limit: number): Promise<void> {
  const open = sockets.filter(({ closed }) => !closed);
  let left = open.length;
  const settled = new Promise<void>((resolve) => {
    const look = (): void => {
      if (left <= limit) resolve();
    };
    for (const socket of open) {
      socket.once('close', () => {
        left -= 1;
        look();
      });
    }
    look();
  });
  await withDeadline(settled, CLOSED_MS, () => `at most ${limit} open connections, now ${left}`);
}

async function flood(ground: Ground, count: number, limit: number, from: (index: number) => string): Promise<void> {
  const lines = await connectMany(ground, count, from);
  const sockets = lines.map(({ socket }) => socket);
  await untilAtMost(sockets, limit);
  await withDeadline(ground.greet(), HONEST_MS, 'the hello of an honest device');
  const kept = lines.filter(({ livedMs = Infinity }) => livedMs >= KEPT_MS).length;
  expect(kept).toBeGreaterThanOrEqual(limit - 1); // an honest newcomer may have got the place of one
}

/** A device that says hello and goes, again and again. */
async function cycles(ground: Ground, count: number, cycle: (lane: number) => Promise<void>): Promise<void> {
  const lane = async (index: number): Promise<void> => {
    for (let done = 0; done < count / LANES; done += 1) await cycle(index);
  };
  await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index)));
}

/** Memory and descriptors are where they were. */
async function expectFlat(ground: Ground, cycle: (lane: number) => Promise<void>): Promise<void> {
  const { invariants } = ground.field;
  await cycles(ground, CYCLES / 2, cycle); // so that the allocator has what it needs at once
  const before = { memory: await invariants.memory(), descriptors: await invariants.descriptors() };
  await cycles(ground, CYCLES, cycle);
  expect(await invariants.settledGrowth(before.memory, GROWTH_MIB)).toBeLessThanOrEqual(GROWTH_MIB);
  expect(await invariants.descriptors()).toBeLessThanOrEqual(before.descriptors + LANES);
}

async function visits(ground: Ground): Promise<void> {
  const places = await Promise.all(
    Array.from({ length: LANES }, async () => ({ identity: await ground.identity(), from: ground.newAddress() })),
  );
  await expectFlat(ground, async (lane) => {
    const wire = await ground.greet(places[lane]);
    wire.tls.end();
    await wire.closed;
  });
}

async function visited(ground: Ground): Promise<void> {
  const servers = await Promise.all(
    Array.from({ length: LANES }, () =>
      ground.listen({
        answers: {
          hello: (wire, stream) => {
            wire.send(responseFrame(stream, helloOf()));
            wire.tls.end();
          },
        },
      }),
    ),
  );
  await expectFlat(ground, async (lane) => {
    const server = servers[lane];
    if (server) await ground.nodeAdds(server);
  });
}

const alone = (
  id: string,
  role: Role,
  expect: HostileCase['expect'],
  title: string,
  run: (ground: Ground) => Promise<void>,
): HostileCase => ({ id, role, title, expect, alone: true, run });

/** Very many connections. */
export const MANY_ROWS: readonly Row[] = [
  alone('W127', 'server', 'K', `${FROM_ONE} connections from one address: ${PER_ADDRESS} are kept`, (ground) =>
    flood(ground, FROM_ONE, PER_ADDRESS, () => ground.address),
  ),
  alone(
    'W128',
    'server',
    'K',
    `${FROM_MANY} connections from ${ADDRESSES} addresses: ${UNGREETED} are kept`,
    (ground) => {
      const addresses = Array.from({ length: ADDRESSES }, () => ground.newAddress());
      return flood(ground, FROM_MANY, UNGREETED, (index) => addresses[index % ADDRESSES] ?? ground.address);
    },
  ),
  ...['W127', 'W128'].map((id) => ({
    id,
    role: 'client' as const,
    reason:
      'how many connections a node dials is its own decision; servers that stall or close in number are W002 and W015',
  })),
  alone('W129', 'server', 'OK', 'no descriptors left: accepts again when there are', async (ground) => {
    const starved = await starvedNode(ground);
    await starved.exhaust();
    await starved.release();
    await withDeadline(starved.expectsGuests(), HONEST_MS * 2, 'a guest after the descriptors came back');
  }),
  alone('W129', 'client', 'OK', 'no descriptors left: dials again when there are', async (ground) => {
    const starved = await starvedNode(ground);
    const server = await ground.listen();
    await starved.exhaust();
    expect((await starved.dials(server.address)).status).toBe(502);
    await starved.release();
    expect((await starved.dials(server.address)).status).toBe(201);
  }),
  alone('W132', 'server', 'OK', `${CYCLES} times: connect, hello, close`, visits),
  alone('W132', 'client', 'OK', `${CYCLES} times: dial somebody who says hello and closes`, visited),
];
