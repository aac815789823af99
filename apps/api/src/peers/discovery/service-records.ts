import { AUTHORITATIVE_ANSWER, encode, type Answer, type Packet } from 'dns-packet';
import { isIPv6 } from 'node:net';
import { RECORD_TTL_S } from './limits';

/** PROTOCOL.md section 13. */
export const SERVICE_NAME = '_ferry._tcp.local';
/** First characters of a device id, as announced. */
export const NEARBY_ID = /^[A-Z2-7]{14}$/;
const NEARBY_ID_CHARS = 14;
/** What fits into one string of a TXT record beside `name=`. */
const MAX_NAME_BYTES = 250;

/** What a device tells the network about itself. */
export interface OwnService {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly port: number;
  /** IP addresses, without zone. */
  readonly addresses: readonly string[];
}

/** The characters of a device id by which it is known before it is connected to. */
export function nearbyIdOf(deviceId: string): string {
  return deviceId.slice(0, NEARBY_ID_CHARS);
}

export function instanceNameOf(nearbyId: string): string {
  return `${nearbyId}.${SERVICE_NAME}`;
}

/** "I am here." */
export function encodeAnnouncement(own: OwnService): Uint8Array {
  return encodeRecords(own, RECORD_TTL_S);
}

/** "I am leaving": the same records with no time to live. RFC 6762 section 10.1. */
export function encodeGoodbye(own: OwnService): Uint8Array {
  return encodeRecords(own, 0);
}

/** "Who is here?" */
export function encodeQuery(): Uint8Array {
  return encode({ type: 'query', questions: [{ name: SERVICE_NAME, type: 'PTR' }] });
}

/** Whether the query asks for what `nearbyId` announces, and does not show that it knows already. */
export function asksFor({ questions = [], answers = [] }: Packet, nearbyId: string): boolean {
  const wanted = [SERVICE_NAME, instanceNameOf(nearbyId), hostNameOf(nearbyId)].map((name) => name.toLowerCase());
  const isAsked = questions.some(({ name }) => wanted.includes(name.toLowerCase()));
  return isAsked && !answers.some((answer) => isKnownAnswer(answer, nearbyId));
}

/** RFC 6762 section 7.1: an answer that the asker still holds for half of its life need not be given. */
function isKnownAnswer(answer: Answer, nearbyId: string): boolean {
  if (answer.type !== 'PTR' || answer.data.toLowerCase() !== instanceNameOf(nearbyId).toLowerCase()) return false;
  return (answer.ttl ?? 0) >= RECORD_TTL_S / 2;
}

function hostNameOf(nearbyId: string): string {
  return `ferry-${nearbyId.toLowerCase()}.local`;
}

function encodeRecords({ id, name, version, port, addresses }: OwnService, ttl: number): Uint8Array {
  const instance = instanceNameOf(id);
  const host = hostNameOf(id);
  const text = [`id=${id}`, `name=${cutToBytes(name, MAX_NAME_BYTES)}`, `v=${version}`];
  const own = { ttl, class: 'IN', flush: true } as const; // nobody else has records of these names
  return encode({
    type: 'response',
    flags: AUTHORITATIVE_ANSWER,
    answers: [
      { name: SERVICE_NAME, type: 'PTR', ttl, class: 'IN', data: instance },
      { ...own, name: instance, type: 'SRV', data: { priority: 0, weight: 0, port, target: host } },
      { ...own, name: instance, type: 'TXT', data: text },
      ...addresses.map((data): Answer => ({ ...own, name: host, type: isIPv6(data) ? 'AAAA' : 'A', data })),
    ],
  });
}

/** Cuts between code points. */
function cutToBytes(text: string, maxBytes: number): string {
  const points = [...text];
  while (Buffer.byteLength(points.join('')) > maxBytes) points.pop();
  return points.join('');
}
