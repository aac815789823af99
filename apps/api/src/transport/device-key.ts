import { createHash, type KeyObject } from 'node:crypto';
import { deviceIdFromDigest } from '@ferry/protocol';

/** The device id of a public key: SHA-256 of its SubjectPublicKeyInfo in DER. */
export function deviceIdOfKey(publicKey: KeyObject): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return deviceIdFromDigest(createHash('sha256').update(spki).digest());
}

/** Whether a device may have such a key: Ed25519 or P-256. */
export function isDeviceKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'ed25519') return true;
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
