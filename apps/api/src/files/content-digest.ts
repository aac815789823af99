import type { Request } from 'express';

/**
 * How much a request wants the SHA-256 of the whole file, 0 (not at all) to 10; `undefined` when it says nothing.
 * Source: RFC 9530 section 4, a structured dictionary.
 */
export function wantedDigest(request: Request): number | undefined {
  const wants = request.get('want-repr-digest')?.split(',') ?? [];
  const weights = wants.flatMap((want) => /^\s*sha-256\s*=\s*(10|\d)\s*$/.exec(want)?.[1] ?? []);
  return weights.map(Number).at(-1);
}

/**
 * The digest of the whole file, which is also right beside one range of it. Told unasked where it is known.
 * @param sha256 hex digits; undefined while it is not computed.
 */
export function digestHeaders(request: Request, sha256: string | undefined): Record<string, string> {
  if (sha256 === undefined || wantedDigest(request) === 0) return {};
  return { 'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:` };
}
