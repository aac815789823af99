import { CONFLICT_RULES, type ConflictRule } from '@ferry/protocol';
import { ProblemError } from './problem-error';

/** Reads the field `onConflict`. @throws ProblemError validation for any other word. */
export function readConflictRule(word: string): ConflictRule {
  const rule = CONFLICT_RULES.find((known) => known === word);
  if (rule !== undefined) return rule;
  throw ProblemError.ofField('onConflict', 'is-in', `onConflict must be one of ${CONFLICT_RULES.join(', ')}.`);
}
