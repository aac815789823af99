import { tmpdir } from 'node:os';
import { FREE_SPACE_RESERVE_BYTES } from '../limits';
import { checkFreeSpace } from './free-space';

describe('checkFreeSpace', () => {
  it('lets in what fits, and nothing is always room for', async () => {
    await checkFreeSpace(tmpdir(), 1);
    await checkFreeSpace(tmpdir(), 0);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('counts what the reserve lacks as missing', () =>
    // A file system without any room.
    expect(checkFreeSpace('/proc', 1)).rejects.toMatchObject({ missingBytes: FREE_SPACE_RESERVE_BYTES + 1 }),
  );

  it.each([2 ** 50, Number.MAX_SAFE_INTEGER - FREE_SPACE_RESERVE_BYTES])('refuses %d bytes', (bytes) =>
    expect(checkFreeSpace(tmpdir(), bytes)).rejects.toMatchObject({ code: 'NO_SPACE' }),
  );
});
