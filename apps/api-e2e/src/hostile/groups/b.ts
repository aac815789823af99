import type { HostileCase, HostileGroup, Row } from '../case';
import { inNeitherRole } from '../case';
import { withinCpu } from '../cpu';
import type { Ground } from '../ground';
import { expectClosed, expectClosedAfter } from '../verdicts';
import { FLIPPED_ROWS } from './b-flipped';
import { FRAMING_ROWS } from './b-single';
import { FRAMING_ATTACKS, type FramingAttack } from './framing-attacks';

const ANY_CPU_MS = 1_000;

/** The node listens: the bytes come in place of the hello, and on the session of a paired device. */
async function asServer(ground: Ground, { bytes, codes, cpuMs = ANY_CPU_MS }: FramingAttack): Promise<void> {
  for (const attack of bytes(1, 2)) {
    const early = await ground.dial();
    early.send(attack);
    await expectClosed(early, [...codes, 'UNEXPECTED_MESSAGE']);
  }
  for (let index = 0; index < bytes(1, 2).length; index += 1) {
    const wire = await ground.pair();
    const attack = bytes(wire.newStream(), 2)[index] as Uint8Array;
    await withinCpu(ground, cpuMs, () => expectClosedAfter(wire, () => wire.send(attack), codes));
  }
}

/** The node has dialled: the bytes come in place of the hello's answer, after pairing, and in place of a list. */
async function asClient(ground: Ground, { bytes, codes, cpuMs = ANY_CPU_MS }: FramingAttack): Promise<void> {
  const anyCode = [...codes, 'UNEXPECTED_MESSAGE'] as const;
  for (let index = 0; index < bytes(2, 1).length; index += 1) {
    const attack = bytes(2, 1)[index] as Uint8Array;
    const greeter = await ground.listen({ answers: { hello: (wire) => wire.send(attack) } });
    const { status } = await ground.nodeAdds(greeter);
    expect(status).toBe(502);
    await expectClosed(await greeter.nextWire(), anyCode);

    const idle = await ground.nodePairs(await ground.listen());
    await withinCpu(ground, cpuMs, () => expectClosedAfter(idle, () => idle.send(attack), codes));

    const server = await ground.listen();
    const asked = await ground.nodePairs(server);
    asked.answers.set('files.list', (wire) => wire.send(attack));
    const list = await ground.node.api.call('GET', `/peers/${server.identity.deviceId}/files`);
    expect(list.status).toBe(502);
    await expectClosed(asked, codes);
  }
}

const tableRows: readonly Row[] = FRAMING_ATTACKS.flatMap((attack): HostileCase[] => {
  const { id, title } = attack;
  return [
    { id, role: 'server', title, expect: 'K', run: (ground) => asServer(ground, attack) },
    { id, role: 'client', title, expect: 'K', run: (ground) => asClient(ground, attack) },
  ];
});

export const groupB: HostileGroup = {
  name: 'B',
  title: 'framing',
  rows: [
    ...tableRows,
    ...FRAMING_ROWS,
    ...FLIPPED_ROWS,
    ...inNeitherRole('W045', 'ferry/1 has no varints: all numbers have fixed sizes'),
  ],
};
