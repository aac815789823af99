import type { Socket } from 'node:net';
import {
  type ErrorMessage,
  FrameType,
  HEADER_BYTES,
  parseErrorMessage,
  PATTERNS,
  type ProtocolErrorCode,
} from '@ferry/protocol';
import { withDeadline } from '@ferry/test-nodes';
import type { HostileServer } from '../support/hostile-server';
import { messageOf, type RawWire, type ReceivedFrame } from '../support/raw-wire';
import type { Ground } from './ground';
import { SLACK_MS } from './mode';

const CLOSED_MS = 10_000;
const MAX_ERROR_FRAME_BYTES = 256;
const ANSWERS: readonly number[] = [FrameType.RESPONSE, FrameType.DATA, FrameType.ERROR];
/** A deadline that passes sooner than this share of itself would hit honest peers. */
const EARLIEST = 0.5;

/** How many frames a wire had got; what comes later is the answer to the attack. */
export function mark(wire: RawWire): number {
  return wire.frames.length;
}

/**
 * K: the node closes the connection; all it says since `from` is at most one ERROR frame of 256 bytes, as its last word.
 * @param code what the ERROR says; without this also no ERROR at all is right.
 */
export async function expectClosed(
  wire: RawWire,
  code?: ProtocolErrorCode | readonly ProtocolErrorCode[],
  from = 0,
): Promise<void> {
  await withDeadline(wire.closed, CLOSED_MS, () => `the end of the connection; came: ${wire.story()}`);
  expectSound(wire);
  const answers = wire.frames.slice(from).filter(({ header }) => ANSWERS.includes(header.type));
  expectLastWord(wire, answers, code === undefined ? undefined : [code].flat());
}

/** As `expectClosed`, for an attack after the hello: whatever was said before is no part of the answer. */
export async function expectClosedAfter(
  wire: RawWire,
  attack: () => void,
  code?: ProtocolErrorCode | readonly ProtocolErrorCode[],
): Promise<void> {
  const from = mark(wire);
  attack();
  await expectClosed(wire, code, from);
}

/** K before there is any session: the node closes and no byte came inside TLS. */
export async function expectDropped(wire: RawWire): Promise<void> {
  await withDeadline(wire.closed, CLOSED_MS, 'the end of the connection');
  expect(wire.bytesIn).toBe(0);
}

/** K or T below TLS: the node closes the TCP connection within the deadline. */
export async function expectTcpClosed(socket: Socket, withinMs = CLOSED_MS): Promise<void> {
  socket.resume();
  if (socket.destroyed) return;
  await withDeadline(new Promise((resolve) => socket.once('close', resolve)), withinMs + SLACK_MS, 'the end of TCP');
}

/** K for a node that has dialled: it has closed all connections, and no byte came inside TLS. */
export async function expectNothingSaid(server: HostileServer): Promise<void> {
  expect(server.connections.length).toBeGreaterThan(0);
  for (const connection of server.connections) await expectTcpClosed(connection);
  expect(server.wires.map(({ bytesIn }) => bytesIn).filter((bytes) => bytes > 0)).toEqual([]);
}

/**
 * T: the connection ends by the deadline, and not so early that an honest peer would be hit.
 * @param seconds unscaled.
 * @param earliest share of the deadline before which it may not end.
 */
export async function expectClosedByDeadline(
  ground: Ground,
  seconds: number,
  closed: Promise<unknown>,
  earliest = EARLIEST,
): Promise<void> {
  const deadlineMs = ground.ms(seconds);
  const startedAt = performance.now();
  await withDeadline(closed, deadlineMs + SLACK_MS, `the deadline of ${seconds} s, here ${deadlineMs} ms`);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(deadlineMs * earliest);
}

/** E: the answer is an ERROR with this code, and the session goes on. */
export async function expectErrorReply(
  wire: RawWire,
  answer: Promise<ReceivedFrame>,
  code: ProtocolErrorCode,
): Promise<ErrorMessage> {
  const frame = await answer;
  expect(frame.header.type).toBe(FrameType.ERROR);
  const message = parseErrorMessage(messageOf(frame));
  expect(message.name).toBe(code);
  await expectAlive(wire);
  return message;
}

/** The session of a paired device answers. @returns the stream that was used for the question. */
export async function expectAlive(wire: RawWire): Promise<number> {
  const answer = await wire.ask(PATTERNS.filesList, { limit: 1 });
  expect(answer.header.type).toBe(FrameType.RESPONSE);
  expectSound(wire);
  return answer.header.stream;
}

/** Everything the node has sent can be read as frames. */
function expectSound(wire: RawWire): void {
  expect(wire.fault).toBeUndefined();
}

function expectLastWord(wire: RawWire, answers: readonly ReceivedFrame[], codes?: readonly string[]): void {
  expect(answers.map(({ header }) => header.type)).toEqual(answers.length === 0 ? [] : [FrameType.ERROR]);
  const [error] = answers;
  if (!error) {
    if (codes) throw new Error(`closed without a word, expected ${codes.join(' or ')}; came: ${wire.story()}`);
    return;
  }
  expect(error).toBe(wire.frames.at(-1));
  expect(HEADER_BYTES + error.payload.length).toBeLessThanOrEqual(MAX_ERROR_FRAME_BYTES);
  const { name } = parseErrorMessage(messageOf(error));
  if (codes) expect(codes).toContain(name);
}
