import { CONNECTION_STEPS, type ConnectionStep, type PeerTestResult } from '@ferry/protocol';

const LABELS: Record<ConnectionStep, string> = {
  dns: 'Find the address',
  tcp: 'Reach the port',
  tls: 'Open an encrypted connection',
  identity: 'Check that it is this device',
  latency: 'Measure the round trip',
  throughput: 'Measure the speed',
};

export interface TestStep {
  readonly step: ConnectionStep;
  readonly label: string;
  readonly result: 'passed' | 'failed' | 'not-tried';
  /** What was found or what failed, in words; empty when not tried. */
  readonly detail: string;
  readonly ms?: number;
}

/** All steps of a connection test in their order, also those that were not taken. */
export function testSteps({ steps }: Pick<PeerTestResult, 'steps'>): readonly TestStep[] {
  const taken = new Map(steps.map((one) => [one.step, one]));
  return CONNECTION_STEPS.map((step) => {
    const label = LABELS[step];
    const one = taken.get(step);
    if (!one) return { step, label, result: 'not-tried', detail: '' };
    return { step, label, result: one.ok ? 'passed' : 'failed', detail: one.detail, ms: one.ms };
  });
}
