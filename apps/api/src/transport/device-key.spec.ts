import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceIdOfKey, isDeviceKey } from './device-key';

const VECTORS = join(__dirname, '../../../../libs/protocol/test-vectors/identity.json');
const { keys } = JSON.parse(readFileSync(VECTORS, 'utf8')) as {
  keys: readonly { key: string; spki: string; id: string }[];
};

describe('deviceIdOfKey', () => {
  it.each(keys)('gives the device id of the $key vector', ({ spki, id }) => {
    const publicKey = createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' });
    expect(isDeviceKey(publicKey)).toBe(true);
    expect(deviceIdOfKey(publicKey)).toBe(id);
  });
});
