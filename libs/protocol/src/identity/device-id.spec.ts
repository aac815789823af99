import fc from 'fast-check';
import { readVectors } from '../../testing/vectors';
import { fromHex } from '../text/hex';
import { deviceIdFromDigest, digestOfDeviceId, formatDeviceId, isDeviceId, parseDeviceId } from './device-id';

/** Written by identity.py. */
interface IdentityVectors {
  readonly deviceIds: readonly { readonly digest: string; readonly id: string; readonly shown: string }[];
}

const { deviceIds } = readVectors<IdentityVectors>('identity.json');
const ID = 'MVFNHJADE66GNTN5KTQPITKNQMD3NG6MS7VEP2U4NFHZQY2QVLNBXMAB';
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED_MESSAGE' });

describe('device id', () => {
  it.each(deviceIds)('agrees with the independent $id', ({ digest, id, shown }) => {
    expect(deviceIdFromDigest(fromHex(digest))).toBe(id);
    expect(digestOfDeviceId(id)).toEqual(fromHex(digest));
    expect(formatDeviceId(id)).toBe(shown);
    expect(parseDeviceId(shown)).toBe(id);
    expect(isDeviceId(id)).toBe(true);
  });

  it('is read back from what people type', () =>
    fc.assert(
      fc.property(digest, (bytes) => {
        const id = deviceIdFromDigest(bytes);
        const typed = formatDeviceId(id).toLowerCase().replaceAll('-', ' - ').replaceAll('o', '0');
        expect(parseDeviceId(typed)).toBe(id);
      }),
      { numRuns: 300 },
    ));

  it('is refused with any one character changed', () => {
    for (let place = 0; place < ID.length; place++) {
      const char = ID[place] === 'A' ? 'Q' : 'A';
      const mistyped = ID.slice(0, place) + char + ID.slice(place + 1);
      expect(isDeviceId(mistyped)).toBe(false);
      expect(() => parseDeviceId(mistyped)).toThrow(malformed);
    }
  });

  it('says which groups to look at again', () => {
    const mistyped = formatDeviceId(ID).replace('N5KTQPI', 'N5KTQPJ');
    expect(() => parseDeviceId(mistyped)).toThrow('group 3 or 4 of 8');
  });

  it.each(['', 'ABC', ID.slice(1), `${ID}A`, `${ID.slice(0, 55)}!`, ID.slice(0, 55) + 'ü'])(
    'does not take %j',
    (text) => {
      expect(isDeviceId(text)).toBe(false);
      expect(() => parseDeviceId(text)).toThrow(malformed);
      expect(() => digestOfDeviceId(text)).toThrow(malformed);
    },
  );

  it('is not one whose left-over bits are set, though its check characters are right', () =>
    expect(isDeviceId(`${'A'.repeat(54)}B6`) || isDeviceId(`${'A'.repeat(54)}B7`)).toBe(false));

  it('has one canonical form: lower case and dashes are for people', () => {
    expect(isDeviceId(ID.toLowerCase())).toBe(false);
    expect(isDeviceId(formatDeviceId(ID))).toBe(false);
  });

  it('needs a whole digest', () => expect(() => deviceIdFromDigest(new Uint8Array(31))).toThrow(RangeError));
});
