import { encode } from 'uqr';

export interface QrPicture {
  /** Modules per side, quiet zone included. */
  readonly size: number;
  /** SVG path of the dark modules, one unit each. */
  readonly path: string;
}

/** The QR code of a text as one SVG path. */
export function qrPicture(text: string): QrPicture {
  const { data, size } = encode(text, { ecc: 'L', border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return { size, path };
}
