import type { Pairing } from '@ferry/protocol';
import { aPairing } from './a-pairing';
import { comparisonPhase } from './comparison-phase';

const phaseOf = (over: Partial<Pairing>): string => comparisonPhase(aPairing(over), false, 60);

describe('comparisonPhase', () => {
  it('follows a comparison to its good end', () => {
    expect(phaseOf({ sas: undefined })).toBe('connecting');
    expect(phaseOf({})).toBe('compare');
    expect(phaseOf({ confirmed: { here: false, there: true } })).toBe('compare');
    expect(phaseOf({ confirmed: { here: true, there: false } })).toBe('waiting');
    expect(phaseOf({ state: 'paired', sas: undefined })).toBe('paired');
  });

  it('tells the ends apart in which nothing was shared', () => {
    expect(phaseOf({ state: 'failed' })).toBe('failed');
    expect(phaseOf({ state: 'expired' })).toBe('expired');
    expect(comparisonPhase(aPairing(), false, 0)).toBe('expired');
    expect(comparisonPhase(undefined, false, 60)).toBe('failed');
  });

  it('shows what the user has said, whatever the node says of it', () => {
    expect(comparisonPhase(aPairing(), true, 60)).toBe('differ');
    expect(comparisonPhase(aPairing({ state: 'failed' }), true, 60)).toBe('differ');
  });
});
