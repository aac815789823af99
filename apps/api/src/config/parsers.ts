import { isIP } from 'node:net';
import type { Parse } from './env-reader';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const MAX_DEVICE_NAME_CHARS = 64;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const integer =
  (min: number, max: number, unit = ''): Parse<number> =>
  (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) {
      throw new RangeError(`expected a whole number from ${min} to ${max}${unit}`);
    }
    return value;
  };

export const decimal =
  (min: number, max: number): Parse<number> =>
  (text) => {
    const value = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new RangeError(`expected a number from ${min} to ${max}`);
    return value;
  };

/** 0 = any free port. */
export const port = integer(0, 65_535);

export const bytes = integer(0, Number.MAX_SAFE_INTEGER, ' bytes (0 = no limit)');

export const onOff: Parse<boolean> = (text) => {
  const value = text.toLowerCase();
  if (['on', 'true', '1', 'yes'].includes(value)) return true;
  if (['off', 'false', '0', 'no'].includes(value)) return false;
  throw new RangeError('expected on or off');
};

export const logLevel: Parse<LogLevel> = (text) => {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level === undefined) throw new RangeError(`expected one of ${LOG_LEVELS.join(', ')}`);
  return level;
};

/** A host name or an IP address, without brackets in the result. */
export const host: Parse<string> = (text) => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare)) return bare;
  throw new RangeError('expected a host name or an IP address without a port');
};

export const ipAddress: Parse<string> = (text) => {
  if (isIP(text) === 0) throw new RangeError('expected the IP address of a network interface');
  return text;
};

export const deviceName: Parse<string> = (text) => {
  if (text.length > MAX_DEVICE_NAME_CHARS || /\p{C}/u.test(text)) {
    throw new RangeError(`expected at most ${MAX_DEVICE_NAME_CHARS} printable characters`);
  }
  return text;
};

export const text: Parse<string> = (value) => value;

/** Lower case, without the leading dot; `undefined` when this is no extension. */
export function normaliseExtension(text: string): string | undefined {
  const extension = text.toLowerCase().replace(/^\./, '');
  return /^[\p{L}\p{N}_+-]{1,32}$/u.test(extension) ? extension : undefined;
}

/** Lower case, without leading dots, duplicates removed. */
export const extensions: Parse<readonly string[]> = (list) =>
  commaList(list, (item) => {
    const extension = normaliseExtension(item);
    if (extension === undefined) throw new RangeError('expected a comma list of file extensions such as txt,pdf');
    return extension;
  });

export const extensionsOrAny: Parse<readonly string[]> = (list) => (list === '*' ? ['*'] : extensions(list));

/** `name`, `name:port`, `[v6]` or `[v6]:port`, lower case. */
export const hostList: Parse<readonly string[]> = (list) =>
  commaList(list, (item) => {
    if (!/^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(item)) {
      throw new RangeError('expected a comma list of hosts such as localhost:5000');
    }
    return item.toLowerCase();
  });

/** Origins as browsers send them. */
export const originList: Parse<readonly string[]> = (list) =>
  commaList(list, (item) => {
    const url = URL.canParse(item) ? new URL(item) : undefined;
    const isPlain = url?.pathname === '/' && url.search === '' && url.hash === '' && !url.username;
    if (!url || !isPlain || !/^https?:$/.test(url.protocol)) {
      throw new RangeError('expected a comma list of origins such as http://localhost:3000');
    }
    return url.origin;
  });

function commaList(list: string, parseItem: Parse<string>): readonly string[] {
  const items = list.split(',').map((item) => item.trim());
  return Object.freeze([...new Set(items.filter((item) => item !== '').map(parseItem))]);
}
