import 'reflect-metadata';
import { createHash, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { deviceIdFromDigest } from '@ferry/protocol';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';

const DAY_MS = 24 * 60 * 60 * 1000;
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Key and certificate of a device that is no node of ours. P-256, the other key type that the protocol allows. */
export interface TestIdentity {
  readonly deviceId: string;
  readonly keyPem: string;
  readonly certificatePem: string;
}

/** A device that nobody has seen before. */
export async function createIdentity(): Promise<TestIdentity> {
  cryptoProvider.set(webcrypto as Crypto);
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    name: 'CN=test peer',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: P256,
    keys: keys as CryptoKeyPair,
  });
  const certificatePem = certificate.toString('pem');
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    deviceId: deviceIdOf(new X509Certificate(certificatePem)),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    certificatePem,
  };
}

/** The device id that a certificate stands for: SHA-256 of its SPKI. */
export function deviceIdOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return deviceIdFromDigest(createHash('sha256').update(spki).digest());
}
