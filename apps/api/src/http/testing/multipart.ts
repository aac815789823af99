const BOUNDARY = 'ferry-test-boundary';

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly type?: string;
  readonly value: string | Uint8Array;
}

/** A multipart request with exactly these parts, in this order. */
export function form(...parts: readonly Part[]) {
  return rawForm(Buffer.concat([...parts.map(encode), Buffer.from(`--${BOUNDARY}--\r\n`)]));
}

/** Any bytes as a multipart body. */
export function rawForm(body: Uint8Array | string) {
  return { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, body };
}

/** A part that holds a file. */
export const filePart = (filename: string, value: string | Uint8Array, name = 'file'): Part => ({
  name,
  filename,
  value,
  type: 'application/octet-stream',
});

export const textPart = (name: string, value: string): Part => ({ name, value });

/** One part as it goes over the wire, with the boundary before it. */
export function encode({ name, filename, type, value }: Part): Buffer {
  const file = filename === undefined ? '' : `; filename="${filename}"`;
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n`;
  const typeLine = type === undefined ? '' : `Content-Type: ${type}\r\n`;
  return Buffer.concat([Buffer.from(`${head}${typeLine}\r\n`), Buffer.from(value), Buffer.from('\r\n')]);
}
