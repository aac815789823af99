import type { RequestHandler } from 'express';
import { ProblemError } from './problem-error';

/** Keys that reach the prototype of objects. The validation drops them without a word, so they are refused before. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

export function isPrototypeKey(key: string): boolean {
  return PROTOTYPE_KEYS.includes(key);
}

/** Refuses them in the query. */
export const refusePrototypeQuery: RequestHandler = (request, _response, next) => {
  const key = Object.keys(request.query).find(isPrototypeKey);
  next(key === undefined ? undefined : ProblemError.ofField(key, 'unknown-field', `The query knows no ${key}.`));
};
