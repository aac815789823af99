import type { ProblemErrorCode } from '../http/problem-error';

/** What to do about a comparison that did not begin, beyond the node's own sentence. */
const HINTS: Partial<Record<ProblemErrorCode, string>> = {
  'pairing-closed':
    'On the other device open Peers and switch on “Discoverable for pairing”. It stays on for five minutes. Then try again here.',
  'pairing-busy': 'Finish or cancel the pairing that is open, here or on the other device, then try again.',
  'peer-unreachable':
    'Is Ferry running there, in the same network? A firewall must let its port in, and a VPN may be in the way.',
};

export function startHint(code: ProblemErrorCode): string {
  return HINTS[code] ?? '';
}
