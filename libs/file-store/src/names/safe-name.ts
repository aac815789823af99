import { extensionOf } from './extension';
import { MAX_NAME_BYTES } from '../limits';
import { CONTROL } from './path-rules';

/** Separator look-alikes, dots that compatibility forms turn into `.`, and what Windows forbids. */
const FORBIDDEN = /[<>:"|?*\\\u00A5\u2024\u2044\u2215\u29F5\uFF0E\uFF0F\uFF3C]/gu;
/** Direction marks, invisible and filler characters, the replacement character and noncharacters. */
const INVISIBLE =
  /[\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFD]|\p{Noncharacter_Code_Point}/gu;
/** Joiners are letters' business in Persian and Hindi and part of emoji; elsewhere they only hide. */
const STRAY_JOINER = /(?<![^\p{ASCII}\u200C\u200D])[\u200C\u200D]|[\u200C\u200D](?![^\p{ASCII}\u200C\u200D])/gu;
const TOO_MANY_MARKS = /(\p{M}{8})\p{M}+/gu;
const LEADING_SPACE = /^\s+/u;
const TRAILING_SPACE_OR_DOT = /[\s.]+$/u;
/** Hidden, option-like, home or mark-only beginnings. */
const BAD_START = /^[.~\p{M}-]/u;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9\u00B9\u00B2\u00B3]) *(\.|$)/iu;
/** Files that a desktop reads just because they are there. */
const TRAP_FILE = /^(desktop\.ini|autorun\.inf|thumbs\.db)$/iu;

const ALL_CONTROL = new RegExp(CONTROL, 'gu');

/** A path component in which nothing is invisible, changes the direction of reading, or is taken for a separator by some system. */
export function visibleName(component: string): string {
  return component
    .replace(ALL_CONTROL, '_')
    .replace(FORBIDDEN, '_')
    .replace(INVISIBLE, '_')
    .replace(STRAY_JOINER, '_')
    .replace(TOO_MANY_MARKS, '$1');
}

/** One path component as it can be stored on every system: NFC, nothing invisible or special, at most 255 bytes. */
export function safeName(component: string): string {
  const visible = visibleName(component.normalize('NFC')).replace(LEADING_SPACE, '_');
  const trimmed = shorten(trimEnd(visible), MAX_NAME_BYTES);
  const isSpecial = BAD_START.test(trimmed) || WINDOWS_DEVICE.test(trimmed) || TRAP_FILE.test(trimmed);
  return isSpecial ? shorten(`_${trimmed}`, MAX_NAME_BYTES) : trimmed;
}

/** `name (2).ext`, still within 255 bytes. */
export function numberedName(name: string, number: number): string {
  const { stem, extension } = cut(name);
  const suffix = ` (${number})${extension}`;
  return shortenPlain(stem, MAX_NAME_BYTES - Buffer.byteLength(suffix)) + suffix;
}

/** Windows drops dots and spaces at the end: `x.exe.` would come out as `x.exe`. */
function trimEnd(name: string): string {
  const kept = name.replace(TRAILING_SPACE_OR_DOT, '');
  if (kept === name) return name;
  return extensionOf(kept) === '' ? `${kept}_` : kept;
}

function shorten(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const { stem, extension } = cut(name);
  return shortenPlain(stem, maxBytes - Buffer.byteLength(extension)) + extension;
}

/** Cuts between whole characters, leaving no dot or space at the end. */
function shortenPlain(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) return kept.replace(TRAILING_SPACE_OR_DOT, '');
    kept += segment;
  }
  return kept;
}

const MAX_EXTENSION_BYTES = 64;

function cut(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= MAX_EXTENSION_BYTES;
  return hasExtension ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}
