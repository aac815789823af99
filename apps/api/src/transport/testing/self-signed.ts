import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Key and certificate, as PEM, of any type of key that devices may not have, or of a wrong date. */
export async function selfSigned(
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
  notAfter = new Date(Date.now() + DAY_MS),
): Promise<{ key: string; cert: string }> {
  const namedCurve = privateKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256';
  const algorithm =
    privateKey.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve, hash: 'SHA-256' };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    notBefore: new Date(notAfter.getTime() - DAY_MS),
    notAfter,
    signingAlgorithm: algorithm,
    keys: {
      privateKey: privateKey.toCryptoKey(algorithm, true, ['sign']) as CryptoKey,
      publicKey: publicKey.toCryptoKey(algorithm, true, ['verify']) as CryptoKey,
    },
  });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, cert: certificate.toString('pem') };
}
