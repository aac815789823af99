import { CONNECTION_STEPS, type ConnectionStep, type ConnectionStepResult } from '@ferry/protocol';
import { testSteps } from './test-steps';

const took = (step: ConnectionStep, ok = true): ConnectionStepResult => ({ step, ok, ms: 2, detail: `about ${step}` });
const results = (steps: readonly ConnectionStepResult[]): string[] => testSteps({ steps }).map((step) => step.result);

describe('testSteps', () => {
  it('tells of all six steps what was found and how long it took', () => {
    const steps = testSteps({ steps: CONNECTION_STEPS.map((step) => took(step)) });
    expect(steps.map(({ result }) => result)).toEqual(Array(6).fill('passed'));
    expect(steps[2]).toMatchObject({ label: 'Open an encrypted connection', detail: 'about tls', ms: 2 });
  });

  it('marks the failed step and leaves the later ones untried', () => {
    expect(results([took('dns'), took('tcp'), took('tls', false)])).toEqual([
      'passed',
      'passed',
      'failed',
      'not-tried',
      'not-tried',
      'not-tried',
    ]);
  });

  it('claims nothing about steps that were not taken', () => {
    expect(results([])).toEqual(Array(6).fill('not-tried'));
  });
});
