import { avatarPattern } from './avatar-pattern';

describe('avatarPattern', () => {
  it('is the same for the same device', () => {
    expect(avatarPattern('ABC')).toEqual(avatarPattern('ABC'));
  });

  it('differs between devices', () => {
    expect(avatarPattern('ABC')).not.toEqual(avatarPattern('ABD'));
  });

  it('is mirrored', () => {
    const { cells } = avatarPattern('ABCDEFG');
    for (const { x, y } of cells) expect(cells).toContainEqual({ x: 4 - x, y });
  });
});
