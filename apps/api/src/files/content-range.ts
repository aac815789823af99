import type { Request } from 'express';

/** Offsets of the first and the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Which bytes a request asks for. Several ranges, and a Range that is not understood, mean the whole file, as RFC 9110
 * section 14.2 allows; so does an If-Range that names another content, and so does HEAD, for which no range is defined.
 * @param etag undefined while the content is not known yet.
 */
export function chooseRange(
  request: Request,
  size: number,
  etag: string | undefined,
): ByteRange | 'whole' | 'unsatisfiable' {
  if (request.method !== 'GET') return 'whole';
  const ifRange = request.get('if-range');
  // A date does not identify content well enough to join two halves.
  if (ifRange !== undefined && ifRange !== etag) return 'whole';
  return parseRange(request.get('range') ?? '', size);
}

/** `range-parser` is not used: it finds a suffix longer than the file unsatisfiable, which by the RFC means the whole file. */
function parseRange(header: string, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes= *(\d*) *- *(\d*) *$/i.exec(header) ?? [];
  if (first === '' && last === '') return 'whole';
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Number(last);
  if (end < start && last !== '' && first !== '') return 'whole'; // not a range
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) };
}
