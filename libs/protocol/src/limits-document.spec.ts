import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as limits from './limits';

/** What stands in the first two columns of a row. `{NAME}` is the value of that limit, `{NAME KiB}` the value in that unit. */
type Row = readonly [what: string, limit: string];

const PROTOCOL_ROWS: readonly Row[] = [
  ['chunk; block', '{CHUNK_BYTES} bytes; {CHUNKS_PER_BLOCK} chunks = {BLOCK_BYTES MiB}'],
  ['JSON payload; its nesting', '{MAX_CONTROL_BYTES} bytes; depth {MAX_JSON_DEPTH}'],
  ['DATA payload', '{MAX_DATA_BYTES} bytes: 256 KiB after a prefix of {DATA_PREFIX_BYTES}'],
  ['chunks in a DATA frame; hashes in a DATA frame', '{MAX_CHUNKS_PER_FRAME}; {MAX_MANIFEST_HASHES_PER_FRAME}'],
  ['blocks in one `file.read`; ranges in it', '{MAX_READ_BLOCKS}; {MAX_READ_RANGES}'],
  ['content asked for and not received, per session and direction', '{MAX_OUTSTANDING_BYTES MiB}'],
  ['DATA that still comes on one stream after CANCEL', '{MAX_LATE_DATA_BYTES MiB}'],
  [
    'requests open, per session and direction; with the refused ones',
    '{MAX_OUTSTANDING_REQUESTS}; {MAX_OPEN_REQUESTS}',
  ],
  ['highest stream', '{MAX_STREAM}, then a new session'],
  [
    'PING; PONG; CANCEL; EVENT frames in a second',
    '{MAX_PINGS_PER_SECOND}; {MAX_PINGS_PER_SECOND}; {MAX_CANCELS_PER_SECOND}; {MAX_EVENTS_PER_SECOND}',
  ],
  ['answers on streams that have ended, in a session', '{MAX_LATE_ANSWERS}'],
  ['control frames that wait because the other side does not read', '{MAX_CONTROL_QUEUE_BYTES MiB}'],
  ['device name; features in a Hello; one feature', '{MAX_NAME_CHARS}; {MAX_FEATURES}; {MAX_FEATURE_CHARS} characters'],
  ['pattern; message of ERROR or GOODBYE', '{MAX_PATTERN_CHARS}; {MAX_ERROR_CHARS} characters'],
  ['entry id; name; path', '{MAX_ENTRY_ID_CHARS}; {MAX_ENTRY_NAME_CHARS}; {MAX_ENTRY_PATH_CHARS} characters'],
  ['cursor; search text', '{MAX_CURSOR_CHARS}; {MAX_QUERY_CHARS} characters'],
  ['entries in one page of a list', '{MAX_LIST_ENTRIES}'],
  ['bytes of one `link.probe`', '{MAX_PROBE_BYTES MiB}'],
  ['largest file that can be pulled', '{MAX_FILE_BYTES TiB}'],
  ['files in one offer; unanswered offers of one device', '{MAX_OFFER_FILES}; {MAX_WAITING_OFFERS}'],
  ['offer id; message of an offer', '{MAX_OFFER_ID_CHARS}; {MAX_OFFER_MESSAGE_CHARS} characters'],
  ['life of an offer', 'what its maker says, at most {MAX_OFFER_LIFETIME_MS h}'],
  [
    'ranges in one `blocks.available` and kept of one file; files kept of a session',
    '{MAX_AVAILABLE_RANGES}; {MAX_AVAILABLE_FILES}',
  ],
  [
    'broken rules that are remembered, of one device; of one address (IPv6: one /64)',
    '{MAX_VIOLATIONS_PER_DEVICE}; {MAX_VIOLATIONS_PER_ADDRESS} in {violationMemoryMs min}, then refused for {banMs min}',
  ],
  ['sessions in all; with one device', '{MAX_SESSIONS}; {MAX_SESSIONS_PER_DEVICE}'],
  ['sessions of unpaired devices dialled from one address (IPv6: one /64)', '{MAX_STRANGERS_PER_ADDRESS}'],
  [
    'one REQUEST of an unpaired device after hello; open ones; payloads in a second',
    '{MAX_STRANGER_REQUEST_BYTES} bytes; {MAX_STRANGER_REQUESTS}; {MAX_STRANGER_BYTES_PER_SECOND MiB}',
  ],
  [
    'connections before their hello is done, in all; from one address (IPv6: one /64)',
    '{MAX_UNGREETED}; {MAX_UNGREETED_PER_ADDRESS}',
  ],
  [
    'invitation; its addresses; one address',
    '{MAX_INVITATION_CHARS} characters; {MAX_INVITATION_ADDRESSES}; {MAX_ADDRESS_CHARS} characters',
  ],
  [
    'pairing: wrong proofs of one device; of all in a minute',
    '{MAX_PAIRING_TRIES_PER_DEVICE} (then {PAIRING_LOCK_OUT_MS min} pause); {MAX_PAIRING_TRIES_PER_MINUTE}',
  ],
  [
    'pairing: comparisons begun by one device; by all in a minute; open at a time',
    '{MAX_PAIRING_TRIES_PER_DEVICE} (then {PAIRING_LOCK_OUT_MS min} pause); {MAX_PAIRING_TRIES_PER_MINUTE}; 1',
  ],
  ['TCP connect; TLS handshake', '{connectMs} each'],
  ['TLS handshake of who was dialled', '{handshakeMs}'],
  ['hello, from the end of the handshake', '{helloMs}'],
  ['a frame, from its first byte to its last', '{frameMs}'],
  ['silence until PING', '{pingAfterMs}'],
  ['silence until the session ends', '{idleMs}'],
  ['one write that the other side does not read', '{writeMs}'],
  ['from the farewell to the end of the connection', '1,000; Ferry ends it after {closeMs}'],
  ['PONG by which an older session outlives a newer one', '{verifyMs}'],
  ['life of an invitation', '{INVITATION_LIFETIME_MS}'],
  ['a comparison, from its start to its end', '{COMPARISON_LIFETIME_MS}'],
  ['from PairStarted to `pair.reveal`', '{REVEAL_TIMEOUT_MS}'],
  ['pairing mode', '{PAIRING_MODE_MS}'],
];

const LIMITS_ROWS: readonly Row[] = [
  ['chunk; block', '{CHUNK_BYTES KiB}; {BLOCK_BYTES MiB} = {CHUNKS_PER_BLOCK} chunks'],
  ['JSON payload of a frame; its nesting', '{MAX_CONTROL_BYTES KiB}; {MAX_JSON_DEPTH} levels'],
  ['DATA payload of a frame', '{MAX_DATA_BYTES} bytes: 256 KiB after a prefix of {DATA_PREFIX_BYTES}'],
  ['chunks in a DATA frame; hashes in one', '{MAX_CHUNKS_PER_FRAME}; {MAX_MANIFEST_HASHES_PER_FRAME}'],
  ['content asked for and not yet received, per session', '{MAX_OUTSTANDING_BYTES MiB}'],
  ['DATA that still comes for a cancelled request', '{MAX_LATE_DATA_BYTES MiB}'],
  [
    'requests without an answer, per session and side',
    '{MAX_OUTSTANDING_REQUESTS}, further ones are refused; {MAX_OPEN_REQUESTS}',
  ],
  ['highest stream id of a session', '{MAX_STREAM}, then a new session is opened'],
  [
    'PING; PONG; CANCEL; EVENT frames a second',
    '{MAX_PINGS_PER_SECOND}; {MAX_PINGS_PER_SECOND}; {MAX_CANCELS_PER_SECOND}; {MAX_EVENTS_PER_SECOND}',
  ],
  ['answers on ended streams, ignored', '{MAX_LATE_ANSWERS} in a session'],
  ['control frames that wait because the peer does not read', '{MAX_CONTROL_QUEUE_BYTES MiB}'],
  [
    'an unpaired device after its hello: one request; open; bytes a second',
    '{MAX_STRANGER_REQUEST_BYTES KiB}; {MAX_STRANGER_REQUESTS}; {MAX_STRANGER_BYTES_PER_SECOND MiB}',
  ],
  ['blocks in one `file.read`; ranges in it', '{MAX_READ_BLOCKS}; {MAX_READ_RANGES}'],
  ['entries in one page of a remote list', '{MAX_LIST_ENTRIES}, and {MAX_CONTROL_BYTES KiB}'],
  ['bytes of one `link.probe`', '{MAX_PROBE_BYTES MiB}'],
  ['largest file that can be pulled', '{MAX_FILE_BYTES TiB}'],
  ['device name; feature; features in a hello', '{MAX_NAME_CHARS}; {MAX_FEATURE_CHARS} characters; {MAX_FEATURES}'],
  ['entry id; name; path', '{MAX_ENTRY_ID_CHARS}; {MAX_ENTRY_NAME_CHARS}; {MAX_ENTRY_PATH_CHARS} characters'],
  ['cursor; search text; pattern', '{MAX_CURSOR_CHARS}; {MAX_QUERY_CHARS}; {MAX_PATTERN_CHARS} characters'],
  ['text of an error', '{MAX_ERROR_CHARS} characters'],
  [
    'invitation; its addresses; one address',
    '{MAX_INVITATION_CHARS} characters; {MAX_INVITATION_ADDRESSES}; {MAX_ADDRESS_CHARS} characters',
  ],
  [
    'connections before their hello: in all; from one address (IPv6: /64)',
    '{MAX_UNGREETED}; {MAX_UNGREETED_PER_ADDRESS}, further ones are closed',
  ],
  [
    'sessions: in all; with one device',
    "{MAX_SESSIONS}; {MAX_SESSIONS_PER_DEVICE}, further ones are told `BUSY`; a stranger's makes room for a paired device",
  ],
  [
    'sessions dialled by unpaired devices of one address (IPv6: /64)',
    '{MAX_STRANGERS_PER_ADDRESS}, further ones are told `BUSY`',
  ],
  [
    'broken rules of one device; of one address',
    '{MAX_VIOLATIONS_PER_DEVICE}; {MAX_VIOLATIONS_PER_ADDRESS} in {violationMemoryMs min}, then refused for {banMs min}',
  ],
  ['devices; addresses whose broken rules are remembered', '{MAX_SUSPECTS} each'],
  ['open invitations', '{MAX_OPEN_INVITATIONS}'],
  [
    'wrong proofs for invitations: of one device; of all in a minute',
    '{MAX_PAIRING_TRIES_PER_DEVICE}, then {PAIRING_LOCK_OUT_MS minutes} of pause; {MAX_PAIRING_TRIES_PER_MINUTE}',
  ],
  [
    'comparisons begun: by one device; by all in a minute; open at a time',
    '{MAX_PAIRING_TRIES_PER_DEVICE}, then {PAIRING_LOCK_OUT_MS minutes} of pause; {MAX_PAIRING_TRIES_PER_MINUTE}; 1',
  ],
  ['TCP connect and TLS handshake, dialling', '{connectMs s} each'],
  ['TLS handshake, listening', '{handshakeMs s}'],
  ['hello, after the handshake', '{helloMs s}'],
  ['a frame, from first byte to last', '{frameMs s}'],
  ['silence before a PING; before the session ends', '{pingAfterMs s}; {idleMs s}'],
  ['one write that the other side does not read', '{writeMs s}'],
  ['closing', '{closeMs s}'],
  [
    'an older session answers a PING to outlive a newer one; the loser closes when unused for',
    '{verifyMs s}; {retireMs s}',
  ],
  ['presence: PING every', '{heartbeatMs s}'],
  ['broken rules are remembered; a ban lasts', '{violationMemoryMs min}; {banMs min}'],
  [
    'an invitation; a comparison; pairing mode',
    '{INVITATION_LIFETIME_MS min}; {COMPARISON_LIFETIME_MS min}; {PAIRING_MODE_MS min}',
  ],
  ['the second step of a comparison', '{REVEAL_TIMEOUT_MS s}'],
  ['files in one offer', '{MAX_OFFER_FILES}'],
  ['unanswered offers of one peer; of all', '{MAX_WAITING_OFFERS}; 512'],
  ['offer id; message, of which the rest is cut', '{MAX_OFFER_ID_CHARS}; {MAX_OFFER_MESSAGE_CHARS} characters'],
  ['an offer can be answered for', '{OFFER_LIFETIME_MS minutes}; a peer may say at most {MAX_OFFER_LIFETIME_MS hours}'],
  [
    'ranges in one `blocks.available`, kept of a file; files kept of a session',
    '{MAX_AVAILABLE_RANGES}; {MAX_AVAILABLE_FILES}',
  ],
];

/** In no row of either page: these say what something is, not how much of it there may be. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  ALPN: 'a name: PROTOCOL.md section 2',
  HEADER_BYTES: 'form of a frame: section 3',
  PING_BYTES: 'form of a frame: section 3',
  HASH_BYTES: 'SHA-256: section 6',
  SECRET_BYTES: 'form of an invitation: section 7',
  NONCE_BYTES: 'form of a comparison: section 7',
  SAS_EXPORTER_BYTES: 'form of a comparison: section 7',
  SAS_DIGITS: 'form of a comparison: section 7',
  SAS_SYMBOL_COUNT: 'form of a comparison: section 7',
};

/** In LIMITS.md alone: no other device can tell. */
const PRIVATE: Readonly<Record<string, string>> = {
  MAX_SUSPECTS: 'memory of the one who bans',
  MAX_OPEN_INVITATIONS: 'what users of this node may have open',
  OFFER_LIFETIME_MS: "what this node says in its offers; the most is the protocol's",
  retireMs: 'when a session that lost is closed; GOODBYE is allowed at any time',
  heartbeatMs: 'how soon this node notices that a peer is gone',
};

const UNITS: Readonly<Record<string, number>> = {
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  TiB: 2 ** 40,
  s: 1_000,
  min: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hours: 3_600_000,
};

const { DEFAULT_DEADLINES, scaleDeadlines: _scaleDeadlines, ...constants } = limits;
const VALUES: Readonly<Record<string, number | string>> = { ...constants, ...DEFAULT_DEADLINES };

const PLACEHOLDER = /\{(\w+)(?: (\w+))?\}/g;

function fill(limit: string): string {
  return limit.replaceAll(PLACEHOLDER, (_all, name: string, unit?: string) => {
    const value = Number(VALUES[name]) / (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN));
    return value.toLocaleString('en-US') + (unit === undefined ? '' : ` ${unit}`);
  });
}

const namesIn = (rows: readonly Row[]): string[] =>
  rows.flatMap(([, limit]) => [...limit.matchAll(PLACEHOLDER)].map(([, name = '']) => name));

function read(file: string): string {
  return readFileSync(join(__dirname, '..', '..', '..', 'docs', file), 'utf8');
}

/** The first two columns of all tables, without their heads. */
function tableRows(text: string): Row[] {
  const lines = [...text.matchAll(/^\| (.+?) +\| (.+?) +\|/gm)].map(([, what = '', limit = '']): Row => [what, limit]);
  const heads = lines.flatMap(([what], index) => (/^-+$/.test(what) ? [index - 1, index] : []));
  return lines.filter((_line, index) => !heads.includes(index));
}

const section10 = /^## 10\. [\s\S]*?(?=^## 11\. )/m.exec(read('PROTOCOL.md'))?.[0] ?? '';

describe.each([
  { page: 'PROTOCOL.md section 10', listed: tableRows(section10), rows: PROTOCOL_ROWS, not: [DEFINITIONS, PRIVATE] },
  { page: 'LIMITS.md', listed: tableRows(read('LIMITS.md')), rows: LIMITS_ROWS, not: [DEFINITIONS] },
])('docs/$page', ({ listed, rows, not }) => {
  it.each(rows)('has the numbers of the code: %s', (what, limit) => {
    expect(listed.filter(([name]) => name === what)).toEqual([[what, fill(limit)]]);
  });

  it('lists every number of limits.ts, or a reason stands here why not', () => {
    const known = [...namesIn(rows), ...not.flatMap((reasons) => Object.keys(reasons))];
    expect(new Set(known)).toEqual(new Set(Object.keys(VALUES)));
  });
});

it('docs/PROTOCOL.md section 10 has no row that the code does not know', () => {
  expect(tableRows(section10).map(([what]) => what)).toEqual(PROTOCOL_ROWS.map(([what]) => what));
});
