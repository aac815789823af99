import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceIdFromDigest, isDeviceId } from '@ferry/protocol';
import { DeviceIdentity } from './identity';

describe('the device identity', () => {
  let folder: string;
  const keyFile = (): string => join(folder, 'identity.key');
  const certificateFile = (): string => join(folder, 'identity.crt');
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ferry-identity-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made on the first start and stays the same', async () => {
    const first = await DeviceIdentity.load(folder);
    const second = await DeviceIdentity.load(folder);

    expect(isDeviceId(first.deviceId)).toBe(true);
    expect(second).toEqual(first);
    expect(readdirSync(folder).toSorted()).toEqual(['identity.crt', 'identity.key']);
  });

  it('makes the folder when it is not there', async () => {
    await DeviceIdentity.load(join(folder, 'a', 'b'));

    expect(readdirSync(join(folder, 'a', 'b'))).toContain('identity.key');
  });

  it('is the SHA-256 of the public key in the certificate', async () => {
    const { deviceId, certificatePem, keyPem } = await DeviceIdentity.load(folder);

    const certificate = new X509Certificate(certificatePem);
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    expect(spki).toEqual(createPublicKey(keyPem).export({ type: 'spki', format: 'der' }));
    expect(deviceId).toBe(deviceIdFromDigest(createHash('sha256').update(spki).digest()));
    expect(certificate.subject).toBe('CN=ferry');
  });

  it('can be read by its owner only, also when it was restored with other rights', async () => {
    await DeviceIdentity.load(folder);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    chmodSync(keyFile(), 0o644);

    await DeviceIdentity.load(folder);

    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['gone', () => rmSync(certificateFile())],
    ['damaged', () => writeFileSync(certificateFile(), 'not a certificate')],
  ])('outlives a certificate that is %s', async (_what, harm) => {
    const { deviceId } = await DeviceIdentity.load(folder);
    harm();

    const renewed = await DeviceIdentity.load(folder);

    expect(renewed.deviceId).toBe(deviceId);
    expect(readFileSync(certificateFile(), 'utf8')).toBe(renewed.certificatePem);
  });

  it('replaces a certificate of another key', async () => {
    const other = await DeviceIdentity.load(join(folder, 'other'));
    const { deviceId } = await DeviceIdentity.load(folder);
    writeFileSync(certificateFile(), other.certificatePem);

    const renewed = await DeviceIdentity.load(folder);

    expect(renewed.deviceId).toBe(deviceId);
    expect(renewed.certificatePem).not.toBe(other.certificatePem);
  });

  const rsaKey = (): string =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each([
    ['empty', ''],
    ['cut short', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw'],
    ['of another type', rsaKey()],
  ])('refuses a key file that is %s, and leaves it alone', async (_what, content) => {
    writeFileSync(keyFile(), content);

    await expect(DeviceIdentity.load(folder)).rejects.toThrow(
      /identity\.key .*(damaged|of type rsa).*Restore it from a backup/,
    );

    expect(readFileSync(keyFile(), 'utf8')).toBe(content);
  });

  it('is not made anew when the key is gone, unless its certificate is gone as well', async () => {
    const { deviceId } = await DeviceIdentity.load(folder);
    rmSync(keyFile());

    await expect(DeviceIdentity.load(folder)).rejects.toThrow(/identity\.key is missing.*Restore it from a backup/);

    rmSync(certificateFile());
    expect((await DeviceIdentity.load(folder)).deviceId).not.toBe(deviceId);
  });

  it('says so when the key cannot be read', async () => {
    const blocked = join(folder, 'blocked');
    await DeviceIdentity.load(blocked);
    rmSync(join(blocked, 'identity.key'));
    await DeviceIdentity.load(join(blocked, 'identity.key')); // a folder where the key should be

    await expect(DeviceIdentity.load(blocked)).rejects.toThrow(/identity\.key cannot be read/);
  });
});
