const MEBIBYTE = 1024 * 1024;
/** The largest number of bytes that JSON carries exactly. */
const MAX_MEBIBYTES = Math.floor(Number.MAX_SAFE_INTEGER / MEBIBYTE);

/** Bytes as the user enters them, in whole MiB. */
export function toMebibytes(bytes: number): number {
  return Math.ceil(bytes / MEBIBYTE);
}

/** @returns bytes; null when the text is no whole number of MiB. */
export function readMebibytes(text: string): number | null {
  const clean = text.trim();
  if (!/^\d{1,12}$/.test(clean)) return null;
  const mebibytes = Number(clean);
  return mebibytes <= MAX_MEBIBYTES ? mebibytes * MEBIBYTE : null;
}
