import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Page, Peer } from '@ferry/protocol';
import { announcement, MdnsVoice, randomNearbyId } from '../../support/mdns-voice';
import { PeerWatch } from '../../support/peer-watch';
import type { HostileCase, Row } from '../case';
import type { Ground } from '../ground';
import { IS_FULL } from '../mode';
import { NAMES } from './hostile-names';

const MAX_NEARBY = 256;
const FLOOD = IS_FULL ? 100_000 : 5_000;
const BURST = 100;
/** Addresses that the announcements come from: the node takes 40 packets a second of each. */
const SOURCES = 20;
/** Announced for so long, in seconds: nothing goes by itself while the flood lasts. */
const LASTING_S = 120;
const FULL_WITHIN_MS = 60_000;
const NAMES_AT_ONCE = IS_FULL ? 15 : 40;
const SEEN_MS = 20_000;
/** A node announces itself so often when nobody asks. */
const ANNOUNCED_EVERY_MS = 2_500;
const TXT_BYTES = 240;
const isSeen = ({ seenAt }: Peer) => seenAt.length > 0;

async function voice(ground: Ground, from?: string): Promise<MdnsVoice> {
  const opened = await MdnsVoice.open(from);
  ground.defer(() => opened.close());
  return opened;
}

/** Announces until the node lists the device. @returns it as the node lists it. */
async function untilListed(
  ground: Ground,
  speaker: MdnsVoice,
  claim: Parameters<MdnsVoice['announce']>[0],
): Promise<Peer> {
  const watch = await PeerWatch.open(ground.node);
  const repeat = setInterval(() => void speaker.announce(claim), 500);
  try {
    return await watch.until(claim.id, isSeen, SEEN_MS, `the device ${claim.id}`);
  } finally {
    clearInterval(repeat);
    watch.close();
  }
}

async function nearby({ node }: Ground): Promise<readonly Peer[]> {
  const { items } = await node.api.get<Page<Peer>>('/peers?limit=1000');
  return items.filter(({ state }) => state === 'nearby');
}

const BAD_PACKETS = (): Buffer[] => {
  const good = announcement({ id: randomNearbyId() });
  return [
    Buffer.alloc(65_000, 0x5f),
    Buffer.concat([good, Buffer.alloc(60_000)]),
    Buffer.alloc(0),
    Buffer.from('{"_ferry": "not DNS"}\x06_ferry'),
    Buffer.from([0, 0, 0x84, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
    ...Array.from({ length: 20 }, () => Buffer.concat([randomBytes(300), Buffer.from('\x06_ferry')])),
    ...Array.from({ length: 20 }, (_, index) => good.subarray(0, good.length - 1 - index)),
  ];
};

/** What anybody in the network can say. */
const DISCOVERY_CASES: readonly HostileCase[] = [
  {
    id: 'W138',
    role: 'server',
    title: 'datagrams of 64 KiB, no DNS, each entry of names.json as the name of a device',
    expect: 'I',
    run: async (ground) => {
      const speaker = await voice(ground);
      for (const packet of BAD_PACKETS()) await speaker.send(packet);
      const names = NAMES.map(({ name }) => name).filter((name) => Buffer.byteLength(name) <= TXT_BYTES);
      const ids = new Set<string>();
      for (let first = 0; first < names.length; first += NAMES_AT_ONCE) {
        for (const name of names.slice(first, first + NAMES_AT_ONCE)) {
          const id = randomNearbyId();
          ids.add(id);
          await speaker.announce({ id, name });
        }
        await untilListed(ground, speaker, { id: randomNearbyId(), name: 'marker' });
      }
      const listed = (await nearby(ground)).filter(({ id }) => ids.has(id));
      expect(listed.length).toBeGreaterThan(0);
      for (const { name } of listed) {
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect([...name].length).toBeLessThanOrEqual(64);
      }
    },
  },
  {
    id: 'W139',
    role: 'server',
    title: `${FLOOD} announcements and more from ${SOURCES} addresses, and questions: the table is full at ${MAX_NEARBY}`,
    expect: 'B',
    alone: true, // the table is full then
    run: async (ground) => {
      const speaker = await voice(ground);
      const crowd = await Promise.all(Array.from({ length: SOURCES }, () => voice(ground, ground.newAddress())));
      const ownId = (await ground.node.api.status()).device.id.slice(0, 14);
      const heardBefore = speaker.heard.filter((id) => id === ownId).length;
      const startedAt = performance.now();
      let listed = 0;
      // The node takes 20 new devices a second, so the flood goes on until there is no place left.
      for (let sent = 0; sent < FLOOD || listed < MAX_NEARBY; sent += BURST) {
        const batch = Array.from({ length: BURST }, (_, index) =>
          crowd[index % SOURCES]?.announce({ id: randomNearbyId(), name: 'flood', ttlS: LASTING_S }),
        );
        await Promise.all(batch);
        await speaker.ask();
        listed = (await nearby(ground)).length;
        expect(listed).toBeLessThanOrEqual(MAX_NEARBY);
        if (performance.now() - startedAt > FULL_WITHIN_MS) break;
      }
      expect(listed).toBe(MAX_NEARBY);
      await untilListed(ground, speaker, { id: randomNearbyId(), name: 'marker' });
      expect((await nearby(ground)).length).toBe(MAX_NEARBY);
      const ownWords = Math.ceil((performance.now() - startedAt) / ANNOUNCED_EVERY_MS) + 1;
      const replies = Math.ceil((performance.now() - startedAt) / 10_000) + 1;
      const heard = speaker.heard.filter((id) => id === ownId).length - heardBefore;
      expect(heard).toBeLessThanOrEqual(ownWords + replies);
    },
  },
  {
    id: 'W140',
    role: 'client',
    title: 'announcements of 127.0.0.1, of link-local and public addresses: nobody is dialled',
    expect: 'I',
    run: async (ground) => {
      const speaker = await voice(ground);
      let dialled = 0;
      const trap = createServer((socket) => {
        dialled += 1;
        socket.destroy();
      }).listen(0, '127.0.0.1');
      ground.defer(() => trap.close());
      await once(trap, 'listening');
      const { port } = trap.address() as AddressInfo;
      const ownId = (await ground.node.api.status()).device.id.slice(0, 14);
      const addresses = ['127.0.0.1', '169.254.169.254', '93.184.216.34', '0.0.0.0', '255.255.255.255', '224.0.0.1'];
      const heardBefore = speaker.heard.length;
      const id = randomNearbyId();
      const listed = await untilListed(ground, speaker, { id, port, addresses });
      expect(listed.seenAt).toEqual([`127.0.0.1:${port}`]);
      // Two more rounds of the node's own, in which it could have dialled.
      while (speaker.heard.slice(heardBefore).filter((each) => each === ownId).length < 3) await speaker.next();
      expect(dialled).toBe(0);
    },
  },
];

const ONE_ROLE = 'announcements have no sessions: a node that hears them';

export const DISCOVERY_ROWS: readonly Row[] = [
  ...DISCOVERY_CASES,
  { id: 'W138', role: 'client', reason: `${ONE_ROLE} neither listens nor dials; the one case covers it` },
  { id: 'W139', role: 'client', reason: `${ONE_ROLE} neither listens nor dials; the one case covers it` },
  { id: 'W140', role: 'server', reason: `${ONE_ROLE} could only dial, which is the case of the client` },
];
