import { PATTERNS } from '@ferry/protocol';
import { requestText } from '../../support/raw-frame';
import type { Answer, RawWire } from '../../support/raw-wire';
import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';

const ROLES: readonly Role[] = ['server', 'client'];

/** An attacker that the node is paired with. */
export interface PairedAttacker {
  readonly deviceId: string;
  /** The attacker's end of the session. */
  readonly wire: RawWire;
}

/**
 * The attacker's end of a session with the node, both paired, whoever dialled.
 * @param answers over those of a proper device.
 */
export async function pairedAttacker(
  ground: Ground,
  role: Role,
  answers: Readonly<Record<string, Answer>> = {},
): Promise<PairedAttacker> {
  const identity = await ground.identity();
  const { deviceId } = identity;
  if (role === 'client') {
    return { deviceId, wire: await ground.nodePairs(await ground.listen({ identity, answers })) };
  }
  const wire = await ground.pair({ identity });
  wire.answerWith(answers);
  return { deviceId, wire };
}

type Run = (ground: Ground, attacker: PairedAttacker, role: Role) => Promise<void>;

/** The same case on a session that the attacker has dialled, and on one that the node has. */
export function onPairedWire(id: string, expect: HostileCase['expect'], title: string, run: Run): HostileCase[] {
  return ROLES.map((role) => ({
    id,
    role,
    title,
    expect,
    run: async (ground) => run(ground, await pairedAttacker(ground, role), role),
  }));
}

/** A request `files.list` with this JSON as its data. */
export function listing(stream: number, data: string): Uint8Array {
  return requestText(stream, `{"pattern":"${PATTERNS.filesList}","data":${data}}`);
}
