import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'dns-packet';
import { encodeAnnouncement, encodeGoodbye, encodeQuery } from './service-records';

const DOCUMENT = readFileSync(join(__dirname, '../../../../../docs/PROTOCOL.md'), 'utf8');
const OWN = { id: 'A3R73D62FG5WBJ', name: 'Anna', version: '0.1.0', port: 8000, addresses: ['192.168.1.5'] };

describe('service records', () => {
  it('are written as in the example of PROTOCOL.md', () => {
    const [, dump = ''] = /An announcement of 275 bytes[^`]*```text\n([^`]*)```/.exec(DOCUMENT) ?? [];
    const hex = dump.replace(/#.*$/gm, '').replace(/\s/g, '');
    expect(Buffer.from(encodeAnnouncement(OWN)).toString('hex')).toBe(hex);
    expect(hex).toHaveLength(2 * 275);
  });

  it('say goodbye with no time to live', () => {
    const { answers = [] } = decode(Buffer.from(encodeGoodbye(OWN)));
    expect(answers.map((answer) => 'ttl' in answer && answer.ttl)).toEqual([0, 0, 0, 0]);
  });

  it('are asked for by the name of the service', () =>
    expect(decode(Buffer.from(encodeQuery()))).toMatchObject({
      type: 'query',
      id: 0,
      questions: [{ name: '_ferry._tcp.local', type: 'PTR' }],
    }));
});
