const SIZE = 5;
const HALF = 3;

export interface AvatarPattern {
  /** 0..359. */
  readonly hue: number;
  /** Filled cells of a 5 x 5 grid, mirrored left to right. */
  readonly cells: readonly { readonly x: number; readonly y: number }[];
}

/** A picture that is always the same for the same device id, and hardly ever for two different ones. */
export function avatarPattern(deviceId: string): AvatarPattern {
  let bits = hash(deviceId);
  const hue = bits % 360;
  bits = hash(`${deviceId}/cells`);
  const cells: { x: number; y: number }[] = [];
  for (let x = 0; x < HALF; x++) {
    for (let y = 0; y < SIZE; y++) {
      const filled = (bits & 1) === 1;
      bits >>>= 1;
      if (!filled) continue;
      cells.push({ x, y });
      if (x < HALF - 1) cells.push({ x: SIZE - 1 - x, y });
    }
  }
  return { hue, cells };
}

/** FNV-1a with a final mix, 32 bits: for pictures only. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}
