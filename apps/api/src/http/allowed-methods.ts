import type { Application } from 'express';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The methods that routes of the application take at this path; empty for an unknown path. */
export function allowedMethods({ router }: Pick<Application, 'router'>, path: string): readonly string[] {
  const routes = router.stack.flatMap(({ route }) => (route && matches(route.path, path) ? [route] : []));
  const taken = new Set(routes.flatMap(({ stack }) => stack.map(({ method }) => method.toUpperCase())));
  if (taken.has('GET')) taken.add('HEAD'); // Express answers it by the same route
  return METHODS.filter((method) => taken.has(method));
}

/** @param pattern of a controller: segments that are words or `:parameter`. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.toLowerCase().split('/');
  const given = path.toLowerCase().replace(/\/$/, '').split('/');
  return wanted.length === given.length && wanted.every((word, at) => word === given[at] || word.startsWith(':'));
}
