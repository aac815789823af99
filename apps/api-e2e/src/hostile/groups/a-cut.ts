import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { PATTERNS, type Transfer } from '@ferry/protocol';
import { listVisible, MEBIBYTE, untilTransfer } from '@ferry/test-nodes';
import { OfferedFile } from '../../support/offered-file';
import { dataFrame, helloFrame, helloOf, responseFrame } from '../../support/raw-frame';
import type { RawWire } from '../../support/raw-wire';
import type { TapRecord } from '../../support/record-tap';
import { servesFiles } from '../../support/serve-files';
import { clientHello } from '../../support/tls-forgery';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { expectClosedByDeadline, expectTcpClosed } from '../verdicts';

const untouched: TapRecord = (record) => record;
/** Places in the attacker's side of a handshake and behind it where the connection is reset: after so many records. */
const STAGES = [1, 2, 3, 4, 5];

interface Cut {
  readonly wire: RawWire;
  /** Under TLS: its end has no close_notify. */
  readonly tcp: () => Socket;
  readonly deviceId: string;
}

/** A paired attacker whose TCP connection can be ended under TLS. */
async function cuttable(ground: Ground, role: Role): Promise<Cut> {
  const identity = await ground.identity();
  const { deviceId } = identity;
  if (role === 'server') {
    const wire = await ground.pair({ identity, tap: untouched });
    return { wire, tcp: () => wire.tcp, deviceId };
  }
  const server = await ground.listen({ identity, tap: () => untouched });
  const wire = await ground.nodePairs(server);
  return { wire, tcp: () => server.connections[0] as Socket, deviceId };
}

/** A FIN under TLS in the middle of a file. */
async function cutInFile(ground: Ground, role: Role): Promise<void> {
  const { wire, tcp, deviceId } = await cuttable(ground, role);
  const file = new OfferedFile('w020', `w020-${role}.bin`, randomBytes(2 * MEBIBYTE));
  wire.answerWith(servesFiles([file]));
  wire.answers.set(PATTERNS.fileRead, (one, stream) => {
    one.send(...file.block(0).map((payload) => dataFrame(stream, payload)));
    tcp().end();
  });
  const { id } = await ground.node.api.pull(deviceId, [file.id]);
  await wire.closed;
  const isInterrupted = ({ state }: Transfer) => state === 'waiting-for-peer' || state === 'failed';
  await untilTransfer(ground.node.api, id, isInterrupted);
  expect(await listVisible(ground.node.folders.received)).not.toContain(file.path);
}

/** One way closed, the other one read on. */
async function halfClose(ground: Ground, role: Role): Promise<void> {
  const { wire, tcp } = await cuttable(ground, role);
  tcp().end();
  await expectClosedByDeadline(ground, 5, wire.closed, 0);
}

const inBothRoles = (
  id: string,
  expect: HostileCase['expect'],
  title: string,
  run: (ground: Ground, role: Role) => Promise<void>,
): HostileCase[] =>
  (['server', 'client'] as const).map((role) => ({ id, role, title, expect, run: (ground) => run(ground, role) }));

/** Sends `count` records as they are, then resets. */
function resetsAfter(count: number): TapRecord {
  return (record, index, tcp) => {
    if (index + 1 < count) return record;
    if (index + 1 === count) tcp.write(record, () => tcp.resetAndDestroy());
    return [];
  };
}

/** Connections that end at the wrong moment, or only half. */
export const CUT_ROWS: readonly HostileCase[] = [
  ...inBothRoles('W020', 'OK', 'FIN without close_notify in the middle of a file: never complete', cutInFile),
  ...inBothRoles('W021', 'T', 'half-close after the hello', halfClose),
  {
    id: 'W022',
    role: 'server',
    title: 'RST right after TCP, in the ClientHello, after each record of the handshake, after the hello',
    expect: 'OK',
    run: async (ground) => {
      (await ground.tcp()).resetAndDestroy();
      const half = await ground.tcp();
      half.write((await clientHello()).subarray(0, 100), () => half.resetAndDestroy());
      for (const count of STAGES) {
        const wire = await ground.begin({ tap: resetsAfter(count) });
        wire.tls.once('secureConnect', () => wire.send(helloFrame()));
        await wire.closed;
      }
      await ground.greet();
    },
  },
  {
    id: 'W022',
    role: 'client',
    title: 'RST right after TCP, after each record of the handshake, after the hello',
    expect: 'OK',
    run: async (ground) => {
      const early = await ground.listen({ onTcp: (socket) => void socket.resetAndDestroy() });
      expect((await ground.nodeAdds(early)).status).toBe(502);
      for (const count of STAGES) {
        const server = await ground.listen({ tap: () => resetsAfter(count) });
        await ground.nodeAdds(server);
        for (const connection of server.connections) await expectTcpClosed(connection);
      }
      const hello = responseFrame(1, helloOf());
      const honest = await ground.listen({ answers: { hello: (wire) => wire.send(hello) } });
      expect((await ground.nodeAdds(honest)).status).toBe(201);
    },
  },
];
