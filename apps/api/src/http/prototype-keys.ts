import type { RequestHandler } from 'express';
import { ProblemError } from './problem-error';

/** Keys that reach the prototype of objects. The validation drops them without a word, so they are refused before. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

/** The problem of the first such key anywhere in the value, whose depth is limited. */
export function findPrototypeKey(value: unknown, pointer = ''): ProblemError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const problem = PROTOTYPE_KEYS.includes(key)
      ? ProblemError.ofField(`${pointer}${key}`, 'unknown-field', `The field ${key} is not known.`)
      : findPrototypeKey(inner, `${pointer}${key}/`);
    if (problem) return problem;
  }
  return undefined;
}

/** Refuses them in the query. */
export const refusePrototypeQuery: RequestHandler = (request, _response, next) => {
  next(findPrototypeKey(request.query));
};
