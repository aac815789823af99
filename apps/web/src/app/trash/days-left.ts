import { formatCount } from '../format/format-count';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long something stays in the trash. @param purgedAt ISO 8601; absent: for ever. */
export function daysLeft(purgedAt: string | undefined, now = Date.now()): string {
  if (purgedAt === undefined) return 'kept until you erase it';
  const days = Math.ceil((Date.parse(purgedAt) - now) / DAY_MS);
  return days <= 0 ? 'erased soon' : `erased in ${formatCount(days, 'day')}`;
}
