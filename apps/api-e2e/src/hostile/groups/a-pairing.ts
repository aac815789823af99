import { createHash, randomBytes } from 'node:crypto';
import {
  FrameType,
  parseErrorMessage,
  parsePairStart,
  parsePairStarted,
  PATTERNS,
  type Pairing,
  type ProtocolErrorCode,
  sasCommitmentInput,
} from '@ferry/protocol';
import { requestFrame, responseFrame } from '../../support/raw-frame';
import { messageOf, type RawWire, type ReceivedFrame } from '../../support/raw-wire';
import type { TestIdentity } from '../../support/test-identity';
import type { HostileCase, Row } from '../case';
import type { Ground } from '../ground';
import { expectClosed } from '../verdicts';

const DEVICES = 500;
const GLOBAL_TRIES = 10;
const AT_ONCE = 8;

const secret = (): string => randomBytes(32).toString('base64url');
const wrongClaim = (wire: RawWire): Promise<ReceivedFrame> => wire.ask(PATTERNS.pairClaim, { proof: secret() });

function codeOf(frame: ReceivedFrame): string {
  return frame.header.type === FrameType.ERROR ? parseErrorMessage(messageOf(frame)).name : 'none';
}

/** Three wrong proofs are answered, the fourth ends the session. */
async function expectLockedOut(wire: RawWire): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) expect(codeOf(await wrongClaim(wire))).toBe('PAIRING_REJECTED');
  expect(codeOf(await wrongClaim(wire))).toBe('TOO_MANY_REQUESTS');
  await wire.closed;
}

/** What an initiator commits to. */
async function commitment(ground: Ground, initiator: TestIdentity, nonce: Buffer): Promise<string> {
  const { device } = await ground.node.api.status();
  const input = sasCommitmentInput(initiator.deviceId, device.id, nonce);
  return createHash('sha256').update(input).digest('base64url');
}

/** A stranger who has started a comparison with the node as it should. */
async function started(ground: Ground): Promise<{ wire: RawWire; nonce: Buffer; theirs: string }> {
  await ground.node.api.ok('PUT', '/pairing-mode', { open: true });
  const identity = await ground.identity();
  const wire = await ground.greet({ identity });
  const nonce = randomBytes(32);
  const answer = await wire.ask(PATTERNS.pairStart, { commitment: await commitment(ground, identity, nonce) });
  expect(answer.header.type).toBe(FrameType.RESPONSE);
  return { wire, nonce, theirs: parsePairStarted(messageOf(answer)).nonce };
}

async function expectBroken(wire: RawWire, pattern: string, data: unknown): Promise<void> {
  const before = wire.frames.length;
  wire.send(requestFrame(wire.newStream(), pattern, data));
  await expectClosed(wire, 'UNEXPECTED_MESSAGE', before);
}

/** The node begins a comparison with a hostile server, which answers `pair.start` as `respond` does. */
async function expectNotCompared(
  ground: Ground,
  respond: (wire: RawWire, stream: number, commitment: string) => void,
  codes: readonly ProtocolErrorCode[] = ['UNEXPECTED_MESSAGE'],
): Promise<void> {
  const server = await ground.listen({
    answers: {
      [PATTERNS.pairStart]: (wire, stream, data) => respond(wire, stream, parsePairStart(data).commitment),
      [PATTERNS.pairReveal]: (wire, stream) => wire.send(responseFrame(stream, {})),
    },
  });
  const { status } = await ground.node.api.call('POST', '/pairings/claim', { address: server.address });
  expect(status).toBeGreaterThanOrEqual(400);
  await expectClosed(await server.nextWire(), codes);
  const { items } = await ground.node.api.get<{ items: Pairing[] }>('/pairings');
  expect(items.filter(({ state, peerId }) => state === 'comparing' && peerId === server.identity.deviceId)).toEqual([]);
}

const alone = (id: string, role: HostileCase['role'], title: string, run: HostileCase['run']): HostileCase => ({
  id,
  role,
  title,
  expect: 'K',
  alone: true, // tries are counted for the whole node, and one comparison is open at a time
  run,
});

/** Guessing, and bending the comparison. */
export const PAIRING_ROWS: readonly Row[] = [
  alone(
    'W027',
    'server',
    'a nonce revealed without or against a commitment, twice, or confirmed too early',
    async (ground) => {
      const early = await ground.greet();
      await expectBroken(early, PATTERNS.pairReveal, { nonce: secret() });
      await expectBroken(await ground.greet(), PATTERNS.pairConfirm, { match: true });
      await expectBroken((await started(ground)).wire, PATTERNS.pairReveal, { nonce: secret() });
      await expectBroken((await started(ground)).wire, PATTERNS.pairConfirm, { match: true });
      const { wire, nonce } = await started(ground);
      const revealed = await wire.ask(PATTERNS.pairReveal, { nonce: nonce.toString('base64url') });
      expect(revealed.header.type).toBe(FrameType.RESPONSE);
      await expectBroken(wire, PATTERNS.pairReveal, { nonce: nonce.toString('base64url') });
    },
  ),
  alone('W027', 'client', 'a responder that reveals, confirms too early, or answers something else', async (ground) => {
    await expectNotCompared(ground, (wire) =>
      wire.send(requestFrame(wire.newStream(), PATTERNS.pairReveal, { nonce: secret() })),
    );
    await expectNotCompared(ground, (wire) =>
      wire.send(requestFrame(wire.newStream(), PATTERNS.pairConfirm, { match: true })),
    );
    await expectNotCompared(ground, (wire, stream) => wire.send(responseFrame(stream, { nonce: 'short' })), [
      'MALFORMED_MESSAGE',
    ]);
  }),
  alone('W028', 'server', "the node's own nonce and commitment come back", async (ground) => {
    const { wire, theirs } = await started(ground);
    await expectBroken(wire, PATTERNS.pairReveal, { nonce: theirs });
    const again = await started(ground);
    await expectBroken(again.wire, PATTERNS.pairStart, { commitment: again.theirs });
  }),
  alone('W028', 'client', "the node's own commitment comes back, as nonce and as commitment", async (ground) => {
    await expectNotCompared(ground, (wire, stream, commitment) =>
      wire.send(responseFrame(stream, { nonce: commitment })),
    );
    await expectNotCompared(ground, (wire, _stream, commitment) =>
      wire.send(requestFrame(wire.newStream(), PATTERNS.pairStart, { commitment })),
    );
  }),
  alone('W025', 'client', 'wrong proofs from a device that the node has dialled to pair with it', async (ground) => {
    let wrong: Promise<void> | undefined;
    const server = await ground.listen({
      answers: { [PATTERNS.pairClaim]: (wire) => (wrong = expectLockedOut(wire)) },
    });
    expect((await ground.nodeClaims(server)).status).toBeGreaterThanOrEqual(400);
    await wrong;
    expect(wrong).toBeDefined();
  }),
  alone('W025', 'server', 'four wrong proofs of one device; then not even a right one', async (ground) => {
    const identity = await ground.identity();
    await expectLockedOut(await ground.greet({ identity }));
    await expect(ground.pair({ identity })).rejects.toThrow('TOO_MANY_REQUESTS');
    await ground.pair();
  }),
  {
    id: 'W026',
    role: 'client',
    reason: 'the node dials whom its user names, one at a time; what one such device can try is W025',
  },
  alone(
    'W026',
    'server',
    `${DEVICES} devices from ${DEVICES} addresses: no more proofs than in all are allowed`,
    async (ground) => {
      const codes: string[] = [];
      for (let done = 0; done < DEVICES; done += AT_ONCE) {
        const batch = Array.from({ length: Math.min(AT_ONCE, DEVICES - done) }, async () => {
          const wire = await ground.greet();
          codes.push(codeOf(await wrongClaim(wire)));
          wire.close();
        });
        await Promise.all(batch);
      }
      const judged = codes.filter((code) => code === 'PAIRING_REJECTED').length;
      const minutes = 1; // it takes less, and a new minute would bring new tries
      expect(judged).toBeLessThanOrEqual(GLOBAL_TRIES * (minutes + 1));
      expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(DEVICES - judged);
    },
  ),
];
