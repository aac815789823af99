import type { Pairing } from '@ferry/protocol';

/**
 * `connecting`: nothing to compare yet; `waiting`: this user has said that they match, the other one not yet;
 * `differ`: this user saw different values; `failed`: anything else that ended it.
 */
export type ComparisonPhase = 'connecting' | 'compare' | 'waiting' | 'paired' | 'differ' | 'failed' | 'expired';

/**
 * Where a comparison stands for its user.
 * @param pairing undefined when the node knows it no longer.
 */
export function comparisonPhase(
  pairing: Pairing | undefined,
  saidDiffer: boolean,
  secondsLeft: number,
): ComparisonPhase {
  if (saidDiffer) return 'differ';
  if (!pairing) return 'failed';
  if (pairing.state === 'paired' || pairing.state === 'failed' || pairing.state === 'expired') return pairing.state;
  if (secondsLeft <= 0) return 'expired';
  if (!pairing.sas) return 'connecting';
  return pairing.confirmed?.here ? 'waiting' : 'compare';
}
