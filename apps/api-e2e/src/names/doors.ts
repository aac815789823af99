import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileEntry, Problem } from '@ferry/protocol';
import type { NodeProcess } from '@ferry/test-nodes';
import type { HostileName, NameOutcome } from '../hostile/groups/hostile-names';

/** It has no UTF-8. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** A way for a file to get into the share under a name that somebody else chose. */
export interface Door {
  readonly title: string;
  /** Whether a name can come in here at all, for instance because it can be written in a header. */
  takes(name: string): boolean;
  put(node: NodeProcess, name: string, content: string): Promise<NameOutcome>;
}

/** What the door of uploads says of a whole path. */
async function multipart(node: NodeProcess, name: string, content: string): Promise<NameOutcome> {
  const upload = { name: 'upload.bin', path: name, content };
  const { status, body } = await node.api.tryUpload<FileEntry & Problem>(upload);
  return status === 201 ? { path: body.path } : refused(body);
}

/** A name of many thousand characters is refused before anybody looks at it. */
function refused({ code }: Problem): NameOutcome {
  return { code: ['validation', 'headers-too-large'].includes(code) ? 'unsafe-path' : code };
}

const TUS = { 'Tus-Resumable': '1.0.0' };

async function tus(node: NodeProcess, name: string, content: string): Promise<NameOutcome> {
  const origin = node.api.origin;
  const made = await fetch(`${origin}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...TUS,
      'Upload-Length': String(Buffer.byteLength(content)),
      'Upload-Metadata': `filename ${Buffer.from('upload.bin').toString('base64')},path ${Buffer.from(name).toString('base64')}`,
    },
  });
  if (made.status !== 201) return refused((await made.json()) as Problem);
  const sent = await fetch(new URL(made.headers.get('location') ?? '', origin), {
    method: 'PATCH',
    headers: { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    body: content,
  });
  if (sent.status !== 204) return refused((await sent.json()) as Problem);
  return { path: decodeURIComponent(sent.headers.get('ferry-entry-path') ?? '') };
}

/** Both doors read `folder/` as the folder alone, and nothing as no path. */
const isWholePath = (name: string) => name !== '' && !name.endsWith('/') && !HALF_CHARACTER.test(name);

export const UPLOAD_DOORS: readonly Door[] = [
  { title: 'HTTP upload', takes: isWholePath, put: multipart },
  { title: 'tus', takes: isWholePath, put: tus },
];

/**
 * Puts a file into the share with the tools of the system.
 * @returns false where the system does not take the name, or it would not lie in the share.
 */
export async function putByHand(node: NodeProcess, { name = '', hex }: HostileName, content: string): Promise<boolean> {
  if (hex !== undefined)
    return written(Buffer.concat([Buffer.from(`${node.folders.shared}/`), Buffer.from(hex, 'hex')]), content);
  const parts = name.split('/');
  if (HALF_CHARACTER.test(name) || parts.some((part) => ['', '.', '..'].includes(part))) return false;
  const path = join(node.folders.shared, name);
  const hasFolder = await mkdir(dirname(path), { recursive: true }).then(
    () => true,
    () => false,
  );
  return hasFolder && written(path, content);
}

function written(path: string | Buffer, content: string): Promise<boolean> {
  return writeFile(path, content, { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}
