import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate, type KeyObject } from 'node:crypto';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 20 * 365 * DAY_MS;
const ED25519 = { name: 'Ed25519' };

cryptoProvider.set(webcrypto as Crypto);

/**
 * A self-signed certificate for a device key, as PEM. It only carries the key: peers look at
 * nothing else in it, so it can be renewed at any time and says nothing about its owner.
 */
export async function createCertificate(privateKey: KeyObject, publicKey: KeyObject): Promise<string> {
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=ferry',
    notBefore: new Date(now - DAY_MS), // clocks of peers may be behind
    notAfter: new Date(now + LIFETIME_MS),
    signingAlgorithm: ED25519,
    keys: {
      privateKey: privateKey.toCryptoKey(ED25519, true, ['sign']) as CryptoKey,
      publicKey: publicKey.toCryptoKey(ED25519, true, ['verify']) as CryptoKey,
    },
  });
  return `${certificate.toString('pem')}\n`;
}

/** Whether a stored certificate can still be shown: readable, for this key, and not about to expire. */
export function isUsableCertificate(pem: string, privateKey: KeyObject): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const isCurrent = Date.parse(certificate.validTo) > Date.now() + DAY_MS;
    return isCurrent && certificate.checkPrivateKey(privateKey);
  } catch {
    return false; // it is made anew from the key
  }
}
