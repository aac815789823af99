const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Two units at most: `8 s`, `2 min 40 s`, `1 h 5 min`; a dash above a day, where a guess helps nobody. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > DAY) return '–';
  const whole = Math.ceil(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return join(Math.floor(whole / MINUTE), 'min', whole % MINUTE, 's');
  const minutes = Math.round(whole / MINUTE);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
