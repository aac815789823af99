const BASE = '/api/v1';

/** A relative URL of the API with its path segments encoded: the page is served by the node, or by a server that proxies to it. */
export function apiUrl(...segments: readonly string[]): string {
  return [BASE, ...segments.map(encodeURIComponent)].join('/');
}
