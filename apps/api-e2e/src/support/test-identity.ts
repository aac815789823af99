import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
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

/** What a certificate says beside its key; means nothing to a node. */
export interface CertificateClaims {
  readonly commonName?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A device that nobody has seen before. */
export async function createIdentity(claims: CertificateClaims = {}): Promise<TestIdentity> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  return certify(keys as CryptoKeyPair, claims);
}

/** The same device with another certificate. */
export function renewed({ keyPem }: TestIdentity, claims: CertificateClaims): Promise<TestIdentity> {
  const privateKey = createPrivateKey(keyPem);
  const publicKey = createPublicKey(privateKey);
  return certify(
    {
      privateKey: privateKey.toCryptoKey(P256, true, ['sign']) as CryptoKey,
      publicKey: publicKey.toCryptoKey(P256, true, ['verify']) as CryptoKey,
    },
    claims,
  );
}

/** The device id that a certificate stands for: SHA-256 of its SPKI. */
export function deviceIdOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return deviceIdFromDigest(createHash('sha256').update(spki).digest());
}

async function certify(
  keys: CryptoKeyPair,
  {
    commonName = 'test peer',
    notBefore = new Date(Date.now() - DAY_MS),
    notAfter = new Date(Date.now() + DAY_MS),
  }: CertificateClaims,
): Promise<TestIdentity> {
  cryptoProvider.set(webcrypto as Crypto);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    name: `CN=${commonName}`,
    notBefore,
    notAfter,
    signingAlgorithm: P256,
    keys,
  });
  const certificatePem = certificate.toString('pem');
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    deviceId: deviceIdOf(new X509Certificate(certificatePem)),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    certificatePem,
  };
}
