import { randomBytes } from 'node:crypto';
import { certificateAround, curveSpki, garbageSpki, rsaSpki } from '../../support/certificate-der';
import { helloFrame, helloOf, responseFrame } from '../../support/raw-frame';
import { clientHello, extensionsOf, forgesCertificate, withEarlyData } from '../../support/tls-forgery';
import { FORGEABLE_CIPHER, RecordCipher, RecordType, TlsSecrets } from '../../support/tls-keys';
import type { HostileCase } from '../case';
import { withinCpu } from '../cpu';
import { expectDropped, expectTcpClosed } from '../verdicts';

/** For one certificate. */
const KEY_CPU_MS = 200;
const RECORDS_CPU_MS = 1_000;
const EMPTY_RECORDS = 100_000;
const NOTHING = new Uint8Array();
const ciphers = { ciphers: FORGEABLE_CIPHER };
const EARLY_DATA_TYPE = 42;
const PRE_SHARED_KEY_TYPE = 41;

const FORGED: readonly (readonly [what: string, certificate: () => Uint8Array])[] = [
  ['RSA of 16,384 bits', () => certificateAround(rsaSpki(16_384))],
  ['RSA of 512 bits', () => certificateAround(rsaSpki(512))],
  ['P-224', () => certificateAround(curveSpki('secp224r1'))],
  ['Ed448', () => certificateAround(curveSpki('ed448'))],
  ['garbage for a key', () => certificateAround(garbageSpki())],
  ['garbage for a certificate', () => randomBytes(2_000)],
];

/** So many empty records of application data, in a few writes. */
function emptyRecords(cipher: RecordCipher): Buffer[] {
  const batch = 1_000;
  return Array.from({ length: EMPTY_RECORDS / batch }, () =>
    Buffer.concat(Array.from({ length: batch }, () => cipher.seal(RecordType.APPLICATION, NOTHING))),
  );
}

/** Records that no TLS library would write: made with the keys of the connection. */
export const FORGED_ROWS: readonly HostileCase[] = [
  {
    id: 'W013',
    role: 'server',
    title: `certificates of other keys: ${FORGED.map(([what]) => what).join(', ')}`,
    expect: 'K',
    run: async (ground) => {
      for (const [, certificate] of FORGED) {
        const secrets = new TlsSecrets();
        const tap = forgesCertificate(certificate(), secrets, 'CLIENT_HANDSHAKE_TRAFFIC_SECRET');
        const wire = await ground.begin({ tap, tls: ciphers });
        wire.tls.on('keylog', (line: Buffer) => secrets.note(line));
        await withinCpu(ground, KEY_CPU_MS, () => expectDropped(wire));
      }
    },
  },
  {
    id: 'W013',
    role: 'client',
    title: `certificates of other keys: ${FORGED.map(([what]) => what).join(', ')}`,
    expect: 'K',
    run: async (ground) => {
      for (const [, certificate] of FORGED) {
        const secrets = new TlsSecrets();
        const server = await ground.listen({
          tls: ciphers,
          tap: () => forgesCertificate(certificate(), secrets, 'SERVER_HANDSHAKE_TRAFFIC_SECRET'),
          onKeyLog: (line) => secrets.note(line),
        });
        const { status } = await withinCpu(ground, KEY_CPU_MS, () => ground.nodeAdds(server));
        expect(status).toBe(502);
        for (const connection of server.connections) await expectTcpClosed(connection);
        expect(server.wires).toEqual([]);
      }
    },
  },
  {
    id: 'W018',
    role: 'server',
    title: 'early data behind a ClientHello that announces it',
    expect: 'I',
    run: async (ground) => {
      const socket = await ground.tcp();
      const sealed = new RecordCipher(randomBytes(32)).seal(RecordType.APPLICATION, helloFrame());
      socket.write(withEarlyData(await clientHello()));
      socket.write(sealed);
      await expectTcpClosed(socket, ground.ms(10)); // nobody finishes this handshake
    },
  },
  {
    id: 'W018',
    role: 'client',
    title: 'the node itself announces no early data and offers no earlier session',
    expect: 'I',
    run: async (ground) => {
      const hello = new Promise<Buffer>((resolve) => {
        void ground
          .listen({ onTcp: (socket) => socket.once('data', (bytes: Buffer) => (resolve(bytes), socket.destroy())) })
          .then((server) => ground.nodeAdds(server));
      });
      const types = extensionsOf(await hello);
      expect(types.length).toBeGreaterThan(3);
      expect(types).not.toContain(EARLY_DATA_TYPE);
      expect(types).not.toContain(PRE_SHARED_KEY_TYPE);
    },
  },
  {
    id: 'W019',
    role: 'server',
    title: '100,000 empty records',
    expect: 'K',
    run: async (ground) => {
      const wire = await ground.begin({ tls: ciphers });
      const secrets = new TlsSecrets(wire.tls);
      await new Promise((resolve) => wire.tls.once('secureConnect', resolve));
      const cipher = new RecordCipher(secrets.get('CLIENT_TRAFFIC_SECRET_0'));
      wire.tcp.write(cipher.seal(RecordType.APPLICATION, helloFrame()));
      await withinCpu(ground, RECORDS_CPU_MS, async () => {
        for (const batch of emptyRecords(cipher)) if (!wire.tcp.destroyed) wire.tcp.write(batch);
        await expectTcpClosed(wire.tcp);
      });
    },
  },
  {
    id: 'W019',
    role: 'client',
    title: '100,000 empty records',
    expect: 'K',
    run: async (ground) => {
      const secrets = new TlsSecrets();
      const server = await ground.listen({
        tls: ciphers,
        onKeyLog: (line) => secrets.note(line),
        answers: {
          hello: (_wire, stream) => {
            const [tcp] = server.connections;
            const cipher = new RecordCipher(secrets.get('SERVER_TRAFFIC_SECRET_0'));
            for (const batch of emptyRecords(cipher)) if (!tcp?.destroyed) tcp?.write(batch);
            tcp?.write(cipher.seal(RecordType.APPLICATION, responseFrame(stream, helloOf())));
          },
        },
      });
      const { status } = await withinCpu(ground, RECORDS_CPU_MS, () => ground.nodeAdds(server));
      expect(status).toBe(502);
      for (const connection of server.connections) await expectTcpClosed(connection);
    },
  },
];
