import { FrameType } from '@ferry/protocol';
import { rawFrame } from '../../support/raw-frame';
import type { HostileGroup } from '../case';
import { expectClosed, expectClosedAfter } from '../verdicts';

export const groupB: HostileGroup = {
  name: 'B',
  title: 'framing',
  rows: [
    {
      id: 'W031',
      role: 'server',
      title: 'a header of type 0',
      expect: 'K',
      run: async (ground) => {
        const bytes = rawFrame({ type: 0 });
        const early = await ground.dial();
        early.send(bytes);
        await expectClosed(early, 'MALFORMED_FRAME');
        const paired = await ground.pair();
        await expectClosedAfter(paired, () => paired.send(bytes), 'MALFORMED_FRAME');
      },
    },
    {
      id: 'W031',
      role: 'client',
      title: 'a header of type 0',
      expect: 'K',
      run: async (ground) => {
        const bytes = rawFrame({ type: FrameType.PING, flags: 4 });
        const server = await ground.listen();
        const wire = await ground.nodePairs(server);
        await expectClosedAfter(wire, () => wire.send(bytes), 'MALFORMED_FRAME');
      },
    },
  ],
};
