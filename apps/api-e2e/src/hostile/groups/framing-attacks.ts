import { FrameType, MAX_CONTROL_BYTES, MAX_DATA_BYTES, type ProtocolErrorCode } from '@ferry/protocol';
import {
  cancelFrame,
  dataFrame,
  errorFrame,
  joined,
  pingFrame,
  rawFrame,
  requestText,
  responseFrame,
} from '../../support/raw-frame';

/** Bytes that break the framing, whoever sends them in whatever state of the session. */
export interface FramingAttack {
  readonly id: string;
  readonly title: string;
  /** One connection for each. `stream` is one that the sender may open, `foreign` one that only the node may. */
  readonly bytes: (stream: number, foreign: number) => readonly Uint8Array[];
  /** What the ERROR says on an open session. */
  readonly codes: readonly ProtocolErrorCode[];
  /** Processor time that one of them may cost an open session. */
  readonly cpuMs?: number;
}

const HUGE = 500 * 1_000_000;
const MIB = 1_048_576;
const request = (length: number) => rawFrame({ type: FrameType.REQUEST, stream: 3, length });
const listing = (stream: number, data: string) => requestText(stream, `{"pattern":"files.list","data":${data}}`);
const text = (value: string) => Buffer.from(value, 'latin1');

export const FRAMING_ATTACKS: readonly FramingAttack[] = [
  {
    id: 'W031',
    title: 'a header of twelve zero bytes',
    bytes: () => [rawFrame({ type: 0 })],
    codes: ['MALFORMED_FRAME'],
  },
  {
    id: 'W032',
    title: 'a length of 2^32 - 1',
    bytes: () => [request(0xffff_ffff), rawFrame({ type: FrameType.DATA, stream: 3, length: 0xffff_ffff })],
    codes: ['FRAME_TOO_LARGE'],
  },
  {
    id: 'W033',
    title: 'lengths that are negative as signed numbers',
    bytes: () => [request(0x8000_0000), request(0xffff_fffe)],
    codes: ['FRAME_TOO_LARGE'],
  },
  {
    id: 'W034',
    title: 'one byte over the limit, header alone',
    bytes: () => [
      request(MAX_CONTROL_BYTES + 1),
      rawFrame({ type: FrameType.DATA, stream: 3, length: MAX_DATA_BYTES + 1 }),
    ],
    codes: ['FRAME_TOO_LARGE'],
  },
  {
    id: 'W036',
    title: 'payloads shorter than their fixed part',
    bytes: () => [
      rawFrame({ type: FrameType.DATA, stream: 3, length: 1 }),
      rawFrame({ type: FrameType.DATA, stream: 3, length: 8 }),
      rawFrame({ type: FrameType.PING, length: 5 }),
      request(0),
    ],
    codes: ['MALFORMED_FRAME'],
  },
  {
    id: 'W040',
    title: '100,000 PINGs in one write',
    bytes: () => [joined(...Array<Uint8Array>(100_000).fill(pingFrame()))],
    codes: ['TOO_MANY_REQUESTS'],
  },
  {
    id: 'W043',
    title: 'bytes behind the value, and a PING of nine bytes',
    bytes: (stream) => [
      listing(stream, '{}}'),
      listing(stream, '{}} x'),
      rawFrame({ type: FrameType.PING }, new Uint8Array(9)),
    ],
    codes: ['MALFORMED_MESSAGE', 'FRAME_TOO_LARGE'],
  },
  {
    id: 'W044',
    title: 'a length in little endian',
    bytes: () => [request(0x5000_0000)],
    codes: ['FRAME_TOO_LARGE'],
  },
  {
    id: 'W046',
    title: 'an unknown type with its highest flag set',
    bytes: () => [rawFrame({ type: 99, flags: 0x80, stream: 3 }), rawFrame({ type: 0xff, flags: 0xff, stream: 3 })],
    codes: ['MALFORMED_FRAME'],
  },
  {
    id: 'W048',
    title: 'flags and reserved bits that must be 0',
    bytes: (stream) => [
      rawFrame({ type: FrameType.PING, flags: 2 }, new Uint8Array(8)),
      rawFrame({ type: FrameType.PING, reserved: 1 }, new Uint8Array(8)),
      rawFrame({ type: FrameType.REQUEST, flags: 1, stream }, text('{"pattern":"files.list"}')),
    ],
    codes: ['MALFORMED_FRAME'],
  },
  {
    id: 'W049',
    title: 'stream 0, the last stream, streams never opened',
    bytes: (stream, foreign) => [
      requestText(0, '{"pattern":"files.list"}'),
      requestText(foreign, '{"pattern":"files.list"}'),
      responseFrame(0xffff_fffe, {}),
      responseFrame(0xffff_ffff, {}),
      errorFrame(foreign + 1_000, 8, 'UNKNOWN_FILE', ''),
      dataFrame(foreign + 1_000, new Uint8Array(16)),
      cancelFrame(stream + 1_000),
    ],
    codes: ['MALFORMED_FRAME', 'UNEXPECTED_MESSAGE'],
  },
  {
    id: 'W050',
    title: 'the same field twice',
    bytes: (stream) => [listing(stream, '{"limit":1,"limit":2}')],
    codes: ['MALFORMED_MESSAGE'],
  },
  {
    id: 'W051',
    title: 'JSON that is not UTF-8, or begins with a byte order mark',
    bytes: (stream) => [
      rawFrame({ type: FrameType.REQUEST, stream }, text('{"pattern":"files.list","data":{"q":"\xff\xfe"}}')),
      rawFrame({ type: FrameType.REQUEST, stream }, text('{"pattern":"files.list","data":{"q":"\xed\xa0\x80"}}')),
      rawFrame({ type: FrameType.REQUEST, stream }, text('\xef\xbb\xbf{"pattern":"files.list"}')),
    ],
    codes: ['MALFORMED_MESSAGE'],
  },
  {
    id: 'W052',
    title: '60,000 brackets',
    bytes: (stream) => [requestText(stream, '['.repeat(60_000)), listing(stream, '['.repeat(60_000))],
    codes: ['MALFORMED_MESSAGE'],
    cpuMs: 20,
  },
  {
    id: 'W056',
    title: 'a key twice, also when one is written with an escape',
    bytes: (stream) => [
      requestText(stream, '{"pattern":"files.list","pattern":"hello"}'),
      requestText(stream, String.raw`{"pattern":"files.list","\u0070attern":"hello"}`),
      listing(stream, '{"a":{"b":1,"b":2}}'),
    ],
    codes: ['MALFORMED_MESSAGE'],
  },
  {
    id: 'W057',
    title: 'a flag for compression, and 500 MB declared',
    bytes: (stream) => [
      rawFrame({ type: FrameType.DATA, flags: 2, stream: 3, length: HUGE }),
      rawFrame({ type: FrameType.REQUEST, flags: 2, stream }, text('{"pattern":"files.list"}')),
    ],
    codes: ['FRAME_TOO_LARGE', 'MALFORMED_FRAME'],
  },
  {
    id: 'W058',
    title: 'HTTP/2, HTTP, SSH and BitTorrent inside TLS',
    bytes: () => [
      text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      text('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      text('SSH-2.0-OpenSSH_9.6\r\n'),
      text(`\x13BitTorrent protocol${'\0'.repeat(48)}`),
    ],
    codes: ['MALFORMED_FRAME', 'FRAME_TOO_LARGE'],
  },
  {
    id: 'W060',
    title: '1 MiB of zero bytes',
    bytes: () => [new Uint8Array(MIB)],
    codes: ['MALFORMED_FRAME'],
  },
  {
    id: 'W062',
    title: 'a frame in the middle of the payload of another',
    bytes: (stream) => {
      const outer = listing(stream, `{"q":"${'x'.repeat(100)}"}`);
      const inner = listing(stream + 2, '{"limit":1}');
      return [
        joined(outer.subarray(0, 40), inner, outer.subarray(40)),
        joined(outer.subarray(0, 80), pingFrame(), outer.subarray(80)),
      ];
    },
    codes: ['MALFORMED_MESSAGE'],
  },
];
