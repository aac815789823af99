import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

function pngPart(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const part = Buffer.alloc(body.length + 8);
  part.writeUInt32BE(data.length, 0);
  body.copy(part, 4);
  part.writeUInt32BE(crc32(body), body.length + 4);
  return part;
}

/** A picture of `side` x `side` pixels: a colour gradient with grain, so that it does not compress away. */
function gradientPng(side, [red, green, blue]) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB
  const rows = randomBytes(side * (3 * side + 1));
  let at = 0;
  for (let y = 0; y < side; y++) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < side; x++) {
      for (const colour of [red, green, blue]) {
        const grain = rows[at] & 15;
        rows[at++] = ((colour * (x + y)) / (2 * side)) | grain;
      }
    }
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 1 });
  return Buffer.concat([signature, pngPart('IHDR', header), pngPart('IDAT', data), pngPart('IEND', Buffer.alloc(0))]);
}

const write = (folder, path, content) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

/** A few megabytes to share, sub-folders included. */
export function writeSampleFiles(first, second) {
  write(first, 'Read me first.txt', 'Ferry moves this file from one node to the other.\n');
  write(first, 'Pictures/Dawn.png', gradientPng(1200, [240, 140, 90]));
  write(first, 'Pictures/Sea.png', gradientPng(900, [40, 150, 220]));
  write(first, 'Pictures/2024/Forest.png', gradientPng(600, [70, 190, 100]));
  write(second, 'Shopping.txt', 'Apples\nBread\nA longer cable\n');
  write(second, 'Empty.txt', '');
  write(second, 'Posters/Night.png', gradientPng(1500, [120, 90, 230]));
}
