import type { Answer, DecodedPacket, SrvAnswer, StringAnswer } from 'dns-packet';
import { deviceName, formatAddress } from '@ferry/protocol';
import { isLinkLocalIpv6, type DiscoveryInterface } from './discovery-interface';
import { MAX_ADDRESSES, MAX_RECORD_TTL_S } from './limits';
import { NEARBY_ID, SERVICE_NAME } from './service-records';

/** What one packet says about one device: a claim, made safe to show. */
export interface Sighting {
  /** The first 14 characters of a device id. */
  readonly id: string;
  readonly name: string;
  /** `host:port`, neighbours on the interface that heard it. */
  readonly addresses: readonly string[];
  /** For how long it is good; 0 = the device says goodbye, and nothing else is known. */
  readonly ttlMs: number;
}

const INSTANCE_SUFFIX = `.${SERVICE_NAME}`;

/**
 * The devices that a response names as PROTOCOL.md section 13 wants it; whatever else is in it is skipped.
 * @param source IP address that sent it, used where a device gives no address records.
 */
export function readSightings(packet: DecodedPacket, source: string, heardOn: DiscoveryInterface): Sighting[] {
  const records = [...(packet.answers ?? []), ...(packet.additionals ?? [])];
  return records.flatMap((record) => {
    if (record.type === 'PTR') return readGoodbye(record) ?? [];
    if (record.type === 'SRV') return readService(record, records, source, heardOn) ?? [];
    return [];
  });
}

/** Many responders take leave by the PTR record alone. */
function readGoodbye({ name, data, ttl }: StringAnswer): Sighting | undefined {
  const id = ttl === 0 && isSameName(name, SERVICE_NAME) ? idOfInstance(data) : undefined;
  return id === undefined ? undefined : { id, name: '', addresses: [], ttlMs: 0 };
}

function readService(
  { name: instance, data, ttl = 0 }: SrvAnswer,
  records: readonly Answer[],
  source: string,
  heardOn: DiscoveryInterface,
): Sighting | undefined {
  const id = idOfInstance(instance);
  if (id === undefined || ttl === 0) return undefined;
  const text = textOf(instance, records);
  if (text.get('id') !== id || !(data.port >= 1)) return undefined;
  const hosts = hostsOf(data.target, records) ?? [source.split('%')[0] ?? ''];
  const addresses = hosts
    .filter((host) => heardOn.isOnLink(host))
    .map((host) => formatAddress({ host: withZone(host, heardOn), port: data.port }));
  if (addresses.length === 0) return undefined;
  return {
    id,
    name: deviceName(text.get('name') ?? ''),
    addresses: [...new Set(addresses)].slice(0, MAX_ADDRESSES),
    ttlMs: Math.min(ttl, MAX_RECORD_TTL_S) * 1000,
  };
}

function idOfInstance(instance: string): string | undefined {
  if (!instance.toLowerCase().endsWith(INSTANCE_SUFFIX)) return undefined;
  const id = instance.slice(0, -INSTANCE_SUFFIX.length);
  return NEARBY_ID.test(id) ? id : undefined;
}

/** `key=value` strings; of a key that comes twice the first counts. RFC 6763 section 6.4. */
function textOf(instance: string, records: readonly Answer[]): Map<string, string> {
  const text = new Map<string, string>();
  for (const record of records) {
    if (record.type !== 'TXT' || !isSameName(record.name, instance)) continue;
    for (const part of [record.data].flat()) {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(part.toString()) ?? [];
      if (!text.has(key.toLowerCase())) text.set(key.toLowerCase(), value);
    }
  }
  return text;
}

/** `undefined` when the packet says nothing about the host. */
function hostsOf(target: string, records: readonly Answer[]): string[] | undefined {
  const hosts = records.flatMap((record) =>
    (record.type === 'A' || record.type === 'AAAA') && isSameName(record.name, target) ? [record.data] : [],
  );
  return hosts.length > 0 ? hosts : undefined;
}

/** A link-local IPv6 address means nothing without the interface. */
function withZone(host: string, { name }: DiscoveryInterface): string {
  return isLinkLocalIpv6(host) ? `${host}%${name}` : host;
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
