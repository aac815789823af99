import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameType, MAX_CONTROL_BYTES, MAX_SESSIONS_PER_DEVICE, PATTERNS } from '@ferry/protocol';
import { MEBIBYTE, untilState, untilTransfer } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, pingFrame, rawFrame } from '../../support/raw-frame';
import type { RawWire } from '../../support/raw-wire';
import { servesFiles } from '../../support/serve-files';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { SLACK_MS } from '../mode';
import { expectAlive, expectClosedAfter, expectClosedByDeadline } from '../verdicts';
import { onPairedWire, pairedAttacker } from './paired-wire';
import { askFor, sparseFile } from './shared-file';

/** More than the buffers of two sockets hold, and all that may be asked for at once. */
const BLOCKS_ASKED = 16;
const FILE_SIZE = 32 * MEBIBYTE;
const PING_EVERY_MS = 500;
/** Together they have asked for 320 MiB. */
const READERS = 20;
/** Half a MiB each, what the sockets take, and the garbage between two measurements. */
const READERS_MIB = 64;
const HOLDERS = 32;
/** The frames of the most sessions together are 8 MiB. */
const UNFINISHED_MIB = 16 + (HOLDERS * MAX_SESSIONS_PER_DEVICE * 70_000) / MEBIBYTE; // what such sessions cost idle: LIMITS.md
const CLAIMANTS = 10;
const CLAIMED_BYTES = 20_000_000;
const MEASURED_EVERY_MS = 250;
const COMPLETE_MS = 60_000;

/** Reads no more. Its own PINGs show that it is there, and notice when it is not wanted any more. */
function stopReading(ground: Ground, wire: RawWire): void {
  wire.tls.pause();
  const pings = setInterval(() => wire.send(pingFrame()), PING_EVERY_MS);
  ground.defer(() => clearInterval(pings));
}

/** The most memory that the node takes more than before until these sessions are closed, in MiB. */
async function peakGrowthMiB({ field }: Ground, before: number, closed: Promise<unknown>): Promise<number> {
  let isClosed = false;
  const ended = closed.finally(() => (isClosed = true));
  let peak = 0;
  while (!isClosed) {
    peak = Math.max(peak, (await field.invariants.memory()) - before);
    await Promise.race([ended, delay(MEASURED_EVERY_MS)]);
  }
  return peak / MEBIBYTE;
}

/** As many sessions as one device may have for who dials; a node dials a device once. */
async function manySessions(ground: Ground, role: Role): Promise<RawWire[]> {
  const wires: RawWire[] = [];
  for (let count = 0; count < HOLDERS; count += 1) {
    if (role === 'client') wires.push((await pairedAttacker(ground, role)).wire);
    else {
      const identity = await ground.identity();
      wires.push(await ground.pair({ identity }));
      for (let more = 1; more < MAX_SESSIONS_PER_DEVICE; more += 1) wires.push(await ground.greet({ identity }));
    }
  }
  return wires;
}

/** Frames that are never finished: what is held for them is bounded, and not for long. */
async function unfinished(ground: Ground, role: Role): Promise<void> {
  const { invariants } = ground.field;
  const wires = await manySessions(ground, role);
  const before = await invariants.memory();
  for (const wire of wires) {
    wire.answersPings = false; // a PONG would be taken for the missing byte
    const header = { type: FrameType.REQUEST, stream: wire.newStream(), length: MAX_CONTROL_BYTES };
    wire.send(rawFrame(header, new Uint8Array(MAX_CONTROL_BYTES - 1)));
  }
  const closed = expectClosedByDeadline(ground, 15, Promise.all(wires.map((wire) => wire.closed)));
  expect(await peakGrowthMiB(ground, before, closed)).toBeLessThan(UNFINISHED_MIB);
  await closed;
  for (let count = 0; count < CLAIMANTS; count += 1) {
    const { wire } = await pairedAttacker(ground, role);
    const header = { type: FrameType.REQUEST, stream: wire.newStream(), length: CLAIMED_BYTES };
    await expectClosedAfter(wire, () => wire.send(rawFrame(header, new Uint8Array(100_000))), 'FRAME_TOO_LARGE');
  }
}

/** What is asked for and not read stays on the disk, and others are served. */
async function neverRead(ground: Ground, role: Role): Promise<void> {
  const { fileId } = await sparseFile(ground, `w126-${role}.bin`, FILE_SIZE);
  const wires: RawWire[] = [];
  for (let count = 0; count < READERS; count += 1) wires.push((await pairedAttacker(ground, role)).wire);
  const other = await pairedAttacker(ground, role);
  const before = await ground.field.invariants.memory();
  for (const wire of wires) {
    stopReading(ground, wire);
    askFor(wire, fileId, [[0, BLOCKS_ASKED]]);
  }
  const ended = expectClosedByDeadline(ground, 60, Promise.all(wires.map((wire) => wire.closed)));
  const growth = peakGrowthMiB(ground, before, ended);
  await expectAlive(other.wire);
  expect(await growth).toBeLessThan(READERS_MIB);
  await ended;
}

const LOST = 'all packets lost in the middle of a file, no FIN; what is missing is asked for on the next session';

function lostFile(ground: Ground, role: Role): OfferedFile {
  ground.field.expectPath(/^received\/w135/);
  return new OfferedFile('w135', `w135-${role}.bin`, randomBytes(3 * MEBIBYTE));
}

/** Sends one block and nothing more, nor does it read; the node gives the session up and goes on with another one. */
async function goesSilent(
  ground: Ground,
  wire: RawWire,
  deviceId: string,
  file: OfferedFile,
  comeBack: () => Promise<void>,
): Promise<void> {
  const { api } = ground.node;
  wire.answerWith({
    ...servesFiles([file]),
    [PATTERNS.fileRead]: (_wire, stream) => {
      wire.send(...file.block(0).map((payload) => dataFrame(stream, payload)));
      wire.answersPings = false;
      wire.tls.pause();
    },
  });
  const { id } = await api.pull(deviceId, [file.id]);
  await untilTransfer(api, id, ({ state }) => state === 'waiting-for-peer', ground.ms(90) + SLACK_MS);
  await comeBack();
  await untilState(api, id, 'complete', COMPLETE_MS);
}

/** Time that passes without reading, writing or an end. */
export const SLOW_ROWS: readonly HostileCase[] = [
  ...(['server', 'client'] as const).map((role): HostileCase => ({
    id: 'W126',
    role,
    title: `${READERS} peers that have asked for ${BLOCKS_ASKED} MiB each never read`,
    expect: 'B',
    alone: true, // memory is that of the whole node
    run: (ground) => neverRead(ground, role),
  })),

  ...onPairedWire(
    'W136',
    'T',
    'the window closes in the middle of a file and stays so',
    async (ground, { wire }, role) => {
      const { fileId } = await sparseFile(ground, `w136-${role}.bin`, FILE_SIZE);
      const stream = askFor(wire, fileId, [[0, BLOCKS_ASKED]]);
      await wire.frame(({ header }) => header.stream === stream, 'the first bytes');
      stopReading(ground, wire);
      await expectClosedByDeadline(ground, 60, wire.closed);
    },
  ),

  {
    id: 'W135',
    role: 'server',
    title: LOST,
    expect: 'T',
    run: async (ground) => {
      const file = lostFile(ground, 'server');
      const identity = await ground.identity();
      const wire = await ground.pair({ identity });
      await goesSilent(ground, wire, identity.deviceId, file, async () => {
        (await ground.greet({ identity })).answerWith(servesFiles([file]));
      });
    },
  },
  {
    id: 'W135',
    role: 'client',
    title: LOST,
    expect: 'T',
    run: async (ground) => {
      const file = lostFile(ground, 'client');
      const server = await ground.listen();
      const wire = await ground.nodePairs(server);
      await goesSilent(ground, wire, server.identity.deviceId, file, async () => {
        (await server.nextWire()).answerWith(servesFiles([file])); // the node comes back by itself
      });
    },
  },

  ...(['server', 'client'] as const).map((role): HostileCase => ({
    id: 'W130',
    role,
    title: `${HOLDERS} devices, all sessions with a frame of 64 KiB (the most there is) that lacks a byte; 20 MB are refused`,
    expect: 'B',
    alone: true,
    run: (ground) => unfinished(ground, role),
  })),
];
