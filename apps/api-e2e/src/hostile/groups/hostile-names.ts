import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferFile } from '@ferry/protocol';
import { WORKSPACE } from '@ferry/test-nodes';

/** One entry of names.json. */
export interface HostileName {
  readonly id: string;
  readonly name?: string;
  /** Of several files that must not become one. */
  readonly names?: readonly string[];
  /** Bytes that are no UTF-8. */
  readonly hex?: string;
  readonly expect: 'reject' | 'map' | 'accept' | 'filter' | 'collide';
  /** Right as well. */
  readonly alt?: string;
  /** What an accepted name becomes, if not its NFC. */
  readonly stored?: string;
}

const FILE = 'libs/file-store/src/names/hostile-names.json';
const ALL = JSON.parse(readFileSync(join(WORKSPACE, FILE), 'utf8')) as HostileName[];

export const NAMES = ALL.filter((each): each is HostileName & { name: string } => each.name !== undefined);
export const NAME_SETS = ALL.filter((each): each is HostileName & { names: string[] } => each.names !== undefined);
export const RAW_NAMES = ALL.filter((each): each is HostileName & { hex: string } => each.hex !== undefined);

/** What no part of a stored path may hold. */
const UNSAFE_PART = /^[\s.~-]|[\s.]$|[<>:"|?*\\\p{Cc}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u;
/** A name that was taken already gets a number. */
const NUMBERED = / \(\d+\)(?=\.[^./]*$|$)/;

/** What became of a file: the path it got, or the code of the problem that refused it. */
export type NameOutcome = { readonly path: string } | { readonly code: string };

/** @returns what is wrong with the outcome of storing a file under this name; nothing when it is right. */
export function nameFault(name: HostileName & { name: string }, outcome: NameOutcome): string | undefined {
  const word = 'path' in outcome ? wordOfPath(name, outcome.path) : wordOfCode(outcome.code);
  const isRight = word === name.expect || word === name.alt;
  return isRight ? undefined : `${name.id} ${JSON.stringify(name.name)}: ${word}, expected ${name.expect}`;
}

/** As `nameFault`, for a file of a transfer. */
export function outcomeFault(
  name: HostileName & { name: string },
  result: TransferFile | undefined,
): string | undefined {
  if (result?.state === 'failed') return nameFault(name, { code: result.error?.code ?? 'failed' });
  if (result?.state === 'complete' && result.publishedPath !== undefined)
    return nameFault(name, { path: result.publishedPath });
  return nameFault(name, { code: result?.state ?? 'not in the transfer' });
}

function wordOfCode(code: string): string {
  if (code === 'unsafe-path') return 'reject';
  return code === 'extension-not-allowed' ? 'filter' : `refused as ${code}`;
}

function wordOfPath({ name, stored }: HostileName & { name: string }, path: string): string {
  if (path.replace(NUMBERED, '') === (stored ?? name.normalize('NFC')).replace(NUMBERED, '')) return 'accept';
  const unsafe = path.split('/').find((part) => UNSAFE_PART.test(part) || Buffer.byteLength(part) > 255);
  return unsafe === undefined ? 'map' : `published as ${JSON.stringify(path)}`;
}
