import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file';
import { createCertificate, isUsableCertificate } from './certificate';
import { deviceIdOfKey } from './device-key';

const KEY_FILE = 'identity.key';
const CERTIFICATE_FILE = 'identity.crt';
const OWNER_ONLY = 0o600;
const ADVICE = `Restore it from a backup, or move it and ${CERTIFICATE_FILE} away to start as a new device that has to be paired again`;

/** The device key cannot be used; the message names the file and what to do. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

/** Who this device is: a lasting Ed25519 key. The certificate only wraps it for TLS. */
export class DeviceIdentity {
  private constructor(
    readonly deviceId: string,
    /** PKCS #8. Never to be logged or sent. */
    readonly keyPem: string,
    readonly certificatePem: string,
  ) {}

  /**
   * Reads the identity in `dataDir`, or creates it on the first start. A key that is there but cannot be read, or was
   * there as its certificate shows, is never replaced: peers know this device by it.
   * @throws IdentityError
   */
  static async load(dataDir: string): Promise<DeviceIdentity> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const keyPem = await loadKey(dataDir);
    const key = createPrivateKey(keyPem);
    const publicKey = createPublicKey(key);
    const certificatePem = await loadCertificate(join(dataDir, CERTIFICATE_FILE), key, publicKey);
    return new DeviceIdentity(deviceIdOfKey(publicKey), keyPem, certificatePem);
  }
}

async function loadKey(dataDir: string): Promise<string> {
  const file = join(dataDir, KEY_FILE);
  const stored = await readIfThere(file);
  if (stored === undefined) {
    const certificate = await readIfThere(join(dataDir, CERTIFICATE_FILE));
    if (certificate !== undefined) throw new IdentityError(`The device key ${file} is missing. ${ADVICE}.`);
    return createKey(file);
  }
  assertKey(stored, file);
  await chmod(file, OWNER_ONLY); // a restored backup may be readable for others
  return stored;
}

async function createKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFileAtomically(file, pem, OWNER_ONLY);
  return pem;
}

function assertKey(pem: string, file: string): void {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new IdentityError(`The device key ${file} is damaged. ${ADVICE}.`, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new IdentityError(`The device key ${file} is of type ${key.asymmetricKeyType}, not ed25519. ${ADVICE}.`);
  }
}

async function loadCertificate(file: string, key: KeyObject, publicKey: KeyObject): Promise<string> {
  const stored = await readIfThere(file);
  if (stored !== undefined && isUsableCertificate(stored, key)) return stored;
  const pem = await createCertificate(key, publicKey);
  await writeFileAtomically(file, pem, OWNER_ONLY);
  return pem;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new IdentityError(`${file} cannot be read: check its owner and permissions.`, { cause });
  }
}
