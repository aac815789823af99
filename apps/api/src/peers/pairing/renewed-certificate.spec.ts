import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pair } from '../testing/pair';
import { TestNode } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('a device with a renewed certificate of the same key', () => {
  let ada: TestNode;
  let bob: TestNode;

  beforeEach(async () => {
    ada = await TestNode.start({ name: 'Ada' });
    bob = await TestNode.start({ name: 'Bob' });
  });
  afterEach(() => Promise.all([ada.remove(), bob.remove()]));

  it('stays paired, whoever dials', async () => {
    await pair(ada, bob);
    const { id, peerPort, folder } = ada;
    const certificateFile = join(folder, '.ferry', 'identity.crt');
    const old = readFileSync(certificateFile, 'utf8');
    await ada.stop();
    rmSync(certificateFile);

    ada = await TestNode.start({ name: 'Ada', folder, peerPort });

    expect(ada.id).toBe(id);
    expect(readFileSync(certificateFile, 'utf8')).not.toBe(old);
    await ada.until(() => ada.peers.get(bob.id).state === 'online');
    await bob.until(() => bob.peers.get(ada.id).state === 'online');
    expect(await ada.call('GET', `/peers/${bob.id}/files`)).toMatchObject({ status: 200 });
    expect(await bob.call('GET', `/peers/${ada.id}/files`)).toMatchObject({ status: 200 });
    expect(await bob.call('POST', `/peers/${ada.id}/test`)).toMatchObject({ body: { reachable: true } });
  });
});
