import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

/** Settings of `.env` become environment variables; those that are set already win. */
export function loadDotEnv() {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
}

/** The host part of URLs that reach the node from this machine. */
export function localHost() {
  const host = process.env['FERRY_HTTP_HOST'] || '127.0.0.1';
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
