const OCTET = /^(0|[1-9]\d{0,2})$/;
const HEXTET = /^[0-9a-f]{1,4}$/i;
const ZONE = /^[0-9a-z._-]{1,32}$/i;

/** Four decimal numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
}

/** RFC 4291 section 2.2, with an optional zone (`fe80::1%eth0`). */
export function isIpv6(text: string): boolean {
  const [address = '', zone, ...rest] = text.split('%');
  if (rest.length > 0 || (zone !== undefined && !ZONE.test(zone))) return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const isLastHalf = (half: number): boolean => half === halves.length - 1;
  const groups = halves.map((half, index) => countGroups(half, isLastHalf(index)));
  const total = groups.reduce((sum, count) => sum + count, 0);
  return halves.length === 1 ? total === 8 : total <= 7;
}

/** 16-bit groups in one side of `::`; far too many when one of them is none. */
function countGroups(half: string, mayEndInIpv4: boolean): number {
  if (half === '') return 0;
  const groups = half.split(':');
  const last = groups.at(-1) ?? '';
  if (mayEndInIpv4 && isIpv4(last)) {
    return groups.slice(0, -1).every((group) => HEXTET.test(group)) ? groups.length + 1 : Infinity;
  }
  return groups.every((group) => HEXTET.test(group)) ? groups.length : Infinity;
}
