import fc from 'fast-check';
import { sessionCommands } from './testing/campaign/session-commands';
import { RealSessions, SessionModel } from './testing/campaign/session-model';
import './testing/test-device'; // keeps the log quiet

const FUZZ_FACTOR = Number(process.env['FERRY_FUZZ_FACTOR'] ?? 1);
const RUNS = 1_000 * FUZZ_FACTOR;

describe('two sessions', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeAll(() => process.on('unhandledRejection', note));
  afterAll(() => process.off('unhandledRejection', note));

  it(
    `campaign P4: do what a model says under any 50 commands (${RUNS} sequences)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(sessionCommands, { maxCommands: 50, size: 'max' }), async (commands) => {
          const real = new RealSessions();
          await real.open();
          await fc.asyncModelRun(() => ({ model: new SessionModel(), real }), commands);
          await real.link.close();
        }),
        { numRuns: RUNS },
      );
      expect(unhandled).toEqual([]);
    },
    120_000 * FUZZ_FACTOR,
  );
});
