import type { ConnectionStep, PeerTestResult } from '@ferry/protocol';

const STEPS: readonly (readonly [step: ConnectionStep, label: string])[] = [
  ['dns', 'Find the address'],
  ['tcp', 'Reach the port'],
  ['tls', 'Open an encrypted connection'],
  ['identity', 'Check that it is this device'],
  ['latency', 'Measure the round trip'],
];

export interface TestStep {
  readonly label: string;
  readonly result: 'passed' | 'failed' | 'not-tried';
}

/** The steps of a connection test in order: those before the failed one passed, those after it were not tried. */
export function testSteps({ reachable, failedStep }: PeerTestResult): readonly TestStep[] {
  const failedAt = reachable ? STEPS.length : STEPS.findIndex(([step]) => step === failedStep);
  return STEPS.map(([, label], index) => {
    if (failedAt < 0) return { label, result: 'not-tried' };
    if (index === failedAt) return { label, result: 'failed' };
    return { label, result: index < failedAt ? 'passed' : 'not-tried' };
  });
}
