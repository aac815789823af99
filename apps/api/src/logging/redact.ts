/** Secrets that may stand inside any text: those of invitations, and tokens in queries or headers. */
const SECRETS = /((?:secret|token|password|passwd|authorization)=)[^\s&"'\\<>]+/gi;
const BEARER = /(Bearer\s+)[\w.~+/=-]+/gi;

/** Takes secrets out of one line of the log. The last door before it is written: callers need not think of it. */
export function redactSecrets(line: string): string {
  return line.replace(SECRETS, '$1[redacted]').replace(BEARER, '$1[redacted]');
}
