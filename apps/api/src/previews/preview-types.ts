import { UNTRUSTED_CONTENT } from '../files/content-answer';

/** What a browser decodes without running anything of it, as the first bytes of a file tell it. SVG and HTML never. */
const SHOWN = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'video/mp4',
  'video/x-m4v',
  'video/webm',
  'video/ogg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/mpeg',
  'audio/ogg',
  'application/pdf',
]);

/** Whether a file of this type is shown. @param mediaType may have parameters. */
export function isShown(mediaType: string | undefined): mediaType is string {
  return SHOWN.has(mediaType?.split(';', 1)[0] ?? '');
}

/** Our own page may frame it; whatever it is, it runs as nobody, loads nothing and sends nothing. */
export const PREVIEW_HEADERS = {
  ...UNTRUSTED_CONTENT,
  'Content-Security-Policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; frame-ancestors 'self'",
  'X-Frame-Options': 'SAMEORIGIN',
};
