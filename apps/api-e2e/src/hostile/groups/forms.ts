import type { HostileCase, Role } from '../case';
import type { Ground } from '../ground';
import { type PairedAttacker, pairedAttacker } from './paired-wire';

/**
 * The same attack in several forms, each by a paired device of its own: on sessions that the attacker has dialled, and on
 * sessions that the node has.
 */
export function inForms<Form>(
  id: string,
  expect: HostileCase['expect'],
  title: string,
  forms: readonly Form[],
  run: (ground: Ground, attacker: PairedAttacker, form: Form, role: Role) => Promise<void>,
): HostileCase[] {
  return (['server', 'client'] as const).map((role) => ({
    id,
    role,
    title,
    expect,
    run: async (ground) => {
      for (const form of forms) await run(ground, await pairedAttacker(ground, role), form, role);
    },
  }));
}
