import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexdump } from '../testing/bytes';
import { collectFrames } from '../testing/frame-collector';
import { readVectors } from '../testing/vectors';
import { WIRE_CODES } from './errors';
import { FrameType } from './framing/frame-type';
import { SAS_SYMBOLS } from './identity/sas-symbols';
import { toHex } from './text/hex';

const DOCUMENT = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'PROTOCOL.md'), 'utf8');

function matches(pattern: RegExp): readonly RegExpMatchArray[] {
  return [...DOCUMENT.matchAll(pattern)];
}

describe('docs/PROTOCOL.md', () => {
  const dumps = matches(/```hexdump\n([\s\S]*?)```/g).map(([, dump = '']) => hexdump(dump));
  const { valid } = readVectors<{ valid: readonly { hex: string }[] }>('frames.json');

  it('has an example of most frame types', () => expect(dumps.length).toBeGreaterThanOrEqual(10));

  it.each(dumps.map((dump) => [toHex(dump), dump] as const))('shows one whole frame: %s', (hex, dump) => {
    expect(collectFrames([dump])).toHaveLength(1);
    expect(valid.map((vector) => vector.hex)).toContain(hex);
  });

  it('lists every error code with its number', () => {
    const rows = matches(/^\| (\d+) +\| `([A-Z_]+)` +\| (?:\*\*ends\*\*)? +\|/gm);
    const listed = rows.map(([, code, name = '']) => [name, Number(code)]);
    expect(Object.fromEntries(listed)).toEqual(WIRE_CODES);
  });

  it('lists every frame type with its number', () => {
    const rows = matches(/^\| (\d) +\| ([A-Z]+) +\|/gm);
    const listed = rows.map(([, type, name = '']) => [name, Number(type)]);
    expect(Object.fromEntries(listed)).toEqual(FrameType);
  });

  it.each(['identity.json', 'merkle.json'])('quotes values that stand in %s', (file) => {
    const vectors = JSON.stringify(readVectors(file));
    const quoted = matches(/^(?:canonical|for people|claimer|inviter|secret|proof|root|leaf \d) +(\S{40,})/gm);
    const found = quoted.filter(([, value = '']) => vectors.includes(value));
    expect(found.length).toBeGreaterThanOrEqual(file === 'merkle.json' ? 4 : 6);
  });

  it('works the first comparison of identity.json out', () => {
    const [first] = readVectors<{ comparisons: readonly Readonly<Record<string, string>>[] }>(
      'identity.json',
    ).comparisons;
    const { commitInput: _commitInput, sasInput: _sasInput, ...expected } = first ?? {};
    const quoted = (label: string): string =>
      new RegExp(`^${label} +([^= ].*?)(?: {4}.*)?$`, 'm').exec(DOCUMENT)?.[1] ?? '';
    expect({
      initiatorId: quoted('initiator'),
      responderId: quoted('responder'),
      initiatorNonce: quoted('nonceI'),
      responderNonce: quoted('nonceR'),
      exporter: quoted('exporter'),
      commitment: quoted('commitment'),
      sasBytes: quoted('SAS bytes'),
      digits: quoted('digits'),
      symbols: quoted('symbols').split(' '),
    }).toEqual(expected);
  });

  it('has the symbol of every number', () => {
    const listed = matches(/\| +(\d+) \| (\S+) ([a-z]+) +(?=\|)/g).map(([, number, emoji, name]) => [
      Number(number),
      { name, emoji },
    ]);
    expect(Object.fromEntries(listed)).toEqual({ ...SAS_SYMBOLS });
  });
});
