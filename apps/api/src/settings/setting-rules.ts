import { isAbsolute } from 'node:path';
import { ValidateBy } from 'class-validator';
import { normaliseExtension } from '../config/parsers';

const MAX_PATH_CHARS = 4_096;

/** A list of extensions such as `txt`; with `orAny` also `['*']`. */
export function AreExtensions({ orAny }: { readonly orAny: boolean }): PropertyDecorator {
  const isFine = (list: unknown) => Array.isArray(list) && ((orAny && isAny(list)) || list.every(isExtension));
  return ValidateBy({
    name: 'areExtensions',
    validator: {
      validate: isFine,
      defaultMessage: (args) =>
        `${args?.property ?? 'it'} must be a list of extensions such as "txt"${orAny ? ', or ["*"] alone' : ''}`,
    },
  });
}

/** An absolute path of this system. Whether the folder can be used is found out when it is opened. */
export function IsFolderPath(): PropertyDecorator {
  return ValidateBy({
    name: 'isFolderPath',
    validator: {
      validate: (path: unknown) =>
        typeof path === 'string' && path.length <= MAX_PATH_CHARS && !path.includes('\0') && isAbsolute(path),
      defaultMessage: (args) => `${args?.property ?? 'it'} must be the absolute path of a folder`,
    },
  });
}

function isAny(list: readonly unknown[]): boolean {
  return list.length === 1 && list[0] === '*';
}

function isExtension(item: unknown): boolean {
  return typeof item === 'string' && normaliseExtension(item) !== undefined;
}
