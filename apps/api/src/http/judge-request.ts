import type { AccessRules } from './access-rules';

/** What a request says about where it comes from. */
export interface RequestOrigin {
  readonly method: string;
  /** The request target as sent: a path, or a whole URL (absolute form). */
  readonly target: string;
  /** Every Host header sent. */
  readonly hosts: readonly string[];
  readonly origin?: string;
  readonly fetchSite?: string;
  readonly fetchMode?: string;
}

export type Verdict =
  | { readonly isAllowed: true; readonly corsOrigin?: string }
  | {
      readonly isAllowed: false;
      readonly code: 'validation' | 'unknown-host' | 'forbidden-origin';
      readonly detail: string;
    };

const ALLOWED: Verdict = { isAllowed: true };

/**
 * Decides whether a request may go on. Without a login this is the wall between the node and the websites that its
 * user visits: a foreign page can make the browser send requests here, but it can forge neither Host (DNS
 * rebinding shows its own name) nor Origin nor Sec-Fetch-Site.
 */
export function judgeRequest(request: RequestOrigin, rules: AccessRules): Verdict {
  const [host] = request.hosts;
  if (host === undefined || request.hosts.length !== 1) {
    return refuse('validation', 'The request must have exactly one Host header.');
  }
  const authority = authorityOf(request.target);
  if (!isKnown(host, rules) || (authority !== undefined && !isKnown(authority, rules))) {
    return refuse(
      'unknown-host',
      'This node does not answer to that host name. Use localhost, or add the name to FERRY_ALLOWED_HOSTS.',
    );
  }
  return request.origin === undefined ? judgeWithoutOrigin(request) : judgeOrigin(request.origin, host, rules);
}

function judgeOrigin(origin: string, host: string, rules: AccessRules): Verdict {
  if (origin.toLowerCase() === `http://${host.toLowerCase()}`) return ALLOWED;
  if (rules.origins.has(origin)) return { isAllowed: true, corsOrigin: origin };
  return refuse(
    'forbidden-origin',
    'Pages of this origin may not use the node. Add it to FERRY_WEB_ORIGINS if it is yours.',
  );
}

/** Programs send no Sec-Fetch-Site; browsers send it even where they send no Origin (images, links, scripts). */
function judgeWithoutOrigin(request: RequestOrigin): Verdict {
  const site = request.fetchSite;
  if (site === undefined || site === 'same-origin' || site === 'none') return ALLOWED;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && site === 'same-site') return ALLOWED; // unreadable there: no CORS header, CORP same-origin
  if (isRead && request.fetchMode === 'navigate' && isPage(request.target)) return ALLOWED;
  return refuse('forbidden-origin', 'A page of another site may not use the node.');
}

/** A link on another site may open the UI itself, but nothing below /api or /health, however it is spelt. */
function isPage(target: string): boolean {
  const path = target.split('?', 1)[0] ?? '';
  return /^\/([a-z0-9_-]+(\/[a-z0-9_-]+)*\/?)?$/i.test(path) && !/^\/(api|health)(\/|$)/i.test(path);
}

/** The host of an absolute-form target, which outranks the Host header (RFC 9112 section 3.2.2). */
function authorityOf(target: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
}

function isKnown(host: string, rules: AccessRules): boolean {
  const parts = /^(\[[^\]]*\]|[^:]*?)\.?(:\d+)?$/.exec(host.toLowerCase());
  return parts !== null && rules.hosts.has(`${parts[1] ?? ''}${parts[2] ?? ''}`);
}

function refuse(code: 'validation' | 'unknown-host' | 'forbidden-origin', detail: string): Verdict {
  return { isAllowed: false, code, detail };
}
