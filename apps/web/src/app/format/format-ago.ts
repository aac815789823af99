const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago a moment was: `just now`, `5 min ago`, `3 h ago`, `yesterday`, then the date. Also the date of what
 * lies ahead by a minute or more: a peer says it, and it is not now.
 * @param iso ISO 8601.
 * @param now milliseconds since 1970.
 */
export function formatAgo(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return '–';
  const age = now - then;
  if (age <= -MINUTE) return formatDate(then);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 2 * DAY) return 'yesterday';
  return formatDate(then);
}

function formatDate(millis: number): string {
  return new Date(millis).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
}
