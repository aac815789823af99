import type { AppConfig } from '../config/app-config';

/** Whom the HTTP side answers. */
export interface AccessRules {
  /** `name` or `name:port`, lower case; IPv6 in brackets. */
  readonly hosts: ReadonlySet<string>;
  /** Other origins whose pages may use the API. */
  readonly origins: ReadonlySet<string>;
}

type AccessConfig = Pick<AppConfig, 'httpHost' | 'allowedHosts' | 'webOrigins'>;

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The rules that follow from the configuration and the ports really bound.
 * A name without a port is accepted as well: it is what a browser sends for port 80, and no rebinding page can bear one of these names.
 * @param ports on which this server can be reached, directly or through the web server.
 */
export function accessRules(config: AccessConfig, ports: readonly number[], webPort: number): AccessRules {
  const names =
    config.allowedHosts.length > 0
      ? config.allowedHosts
      : [...LOOPBACK_NAMES, bracketed(config.httpHost.toLowerCase())];
  const origins =
    config.webOrigins.length > 0 ? config.webOrigins : LOOPBACK_NAMES.map((name) => `http://${name}:${webPort}`);
  return {
    hosts: new Set(names.flatMap((name) => withPorts(name, ports))),
    origins: new Set(origins),
  };
}

function withPorts(name: string, ports: readonly number[]): string[] {
  return /:\d+$/.test(name) && !name.endsWith(']') ? [name] : [name, ...ports.map((port) => `${name}:${port}`)];
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
