import { testSteps } from './test-steps';

const results = (result: Parameters<typeof testSteps>[0]): string[] => testSteps(result).map((step) => step.result);

describe('testSteps', () => {
  it('passes all steps of a reachable peer', () => {
    expect(results({ reachable: true, latencyMs: 2 })).toEqual(Array(5).fill('passed'));
  });

  it('marks the failed step and leaves the later ones untried', () => {
    expect(results({ reachable: false, latencyMs: null, failedStep: 'tls' })).toEqual([
      'passed',
      'passed',
      'failed',
      'not-tried',
      'not-tried',
    ]);
  });

  it('claims nothing when the node did not say which step failed', () => {
    expect(results({ reachable: false, latencyMs: null })).toEqual(Array(5).fill('not-tried'));
  });
});
