import type { ProblemErrorCode } from '../http/problem-error';

export interface StartWords {
  /** Instead of the node's own sentence. */
  readonly text?: string;
  /** What to do, beyond the sentence. */
  readonly hint: string;
}

/** Why a comparison did not begin, where this page knows more about it than the node. */
const WORDS: Partial<Record<ProblemErrorCode, StartWords>> = {
  'pairing-closed': {
    text: 'The other device does not take requests to pair now.',
    hint: 'Open Peers there and switch on “Discoverable for pairing”: it stays on for five minutes. Then try again here.',
  },
  'pairing-busy': { hint: 'It may be open here or on the other device.' },
  'peer-unreachable': {
    hint: 'Both devices must be in the same network. A firewall must let the port in, and a VPN may be in the way.',
  },
};

export function startWords(code: ProblemErrorCode): StartWords {
  return WORDS[code] ?? { hint: '' };
}
