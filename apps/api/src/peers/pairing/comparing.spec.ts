import { asPairing, compare, confirm, pairingIn, untilState } from '../testing/compare';
import { pair } from '../testing/pair';
import { TestNode, type Answer } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('pairing by comparison', () => {
  const clock = { aheadMs: 0 };
  const peersOptions = { now: () => Date.now() + clock.aheadMs };
  let ada: TestNode;
  let bob: TestNode;

  beforeEach(async () => {
    clock.aheadMs = 0;
    ada = await TestNode.start({ name: 'Ada', peersOptions });
    bob = await TestNode.start({ name: 'Bob', peersOptions });
  });
  afterEach(() => Promise.all([ada.remove(), bob.remove()]));

  const claim = (by: TestNode, of: TestNode): Promise<Answer> =>
    by.call('POST', '/pairings/claim', { address: of.peerAddress });
  const isPaired = (): [boolean, boolean] => [ada.peers.isPaired(bob.id), bob.peers.isPaired(ada.id)];

  it('shows both users the same and trusts nobody yet', async () => {
    const { near, far } = await compare(ada, bob);
    expect(near).toMatchObject({
      state: 'comparing',
      direction: 'out',
      peerId: bob.id,
      peerName: 'Bob',
      confirmed: { here: false, there: false },
    });
    expect(far).toMatchObject({ state: 'comparing', direction: 'in', peerId: ada.id, peerName: 'Ada' });
    expect(near.sas?.digits).toMatch(/^\d{6}$/);
    expect(near.sas?.symbols).toHaveLength(4);
    expect(far.sas).toEqual(near.sas);
    expect(isPaired()).toEqual([false, false]);
    expect(bob.published()).toContainEqual(['pairings.changed', far]);
  });

  it.each([
    ['the one who began', 'near'],
    ['the other', 'far'],
  ] as const)('trusts when both have confirmed, %s first', async (_who, first) => {
    const { near, far } = await compare(ada, bob);
    const [one, two] = first === 'near' ? ([ada, near] as const) : ([bob, far] as const);
    const [other, its] = first === 'near' ? ([bob, far] as const) : ([ada, near] as const);

    expect(await confirm(one, two)).toMatchObject({
      status: 200,
      body: { state: 'comparing', confirmed: { here: true, there: false } },
    });
    expect(isPaired()).toEqual([false, false]);
    expect(asPairing(await other.call('GET', `/pairings/${its.id}`)).confirmed).toEqual({ here: false, there: true });

    expect(await confirm(other, its)).toMatchObject({ status: 200, body: { state: 'paired' } });
    expect(isPaired()).toEqual([true, true]);
    expect(asPairing(await one.call('GET', `/pairings/${two.id}`))).toMatchObject({ state: 'paired' });
    await ada.until(() => ada.peers.get(bob.id).state === 'online');
    await bob.until(() => bob.peers.get(ada.id).state === 'online');
    expect(await ada.call('GET', `/peers/${bob.id}/files`)).toMatchObject({ status: 200 });
    expect(await bob.call('GET', `/peers/${ada.id}/files`)).toMatchObject({ status: 200 });
  });

  it('trusts when both confirm at the same moment', async () => {
    const { near, far } = await compare(ada, bob);
    await Promise.all([confirm(ada, near), confirm(bob, far)]);
    await untilState(ada, near, 'paired');
    await untilState(bob, far, 'paired');
    expect(isPaired()).toEqual([true, true]);
  });

  it('remembers the address, so that the devices meet again after a restart', async () => {
    const { near, far } = await compare(ada, bob);
    await confirm(ada, near);
    await confirm(bob, far);
    await ada.stop();
    ada = await TestNode.start({ name: 'Ada', folder: ada.folder, peersOptions });
    await ada.until(() => ada.peers.get(bob.id).state === 'online');
    expect(ada.peers.get(bob.id)).toMatchObject({ paired: true, addresses: [bob.peerAddress] });
  });

  it.each([
    ['the one who began', () => [ada, bob] as const],
    ['the other', () => [bob, ada] as const],
  ])('leaves no trust when %s sees something else', async (_who, order) => {
    const [denier, other] = order();
    const { near, far } = await compare(ada, bob);
    const [its, others] = denier === ada ? [near, far] : [far, near];
    await confirm(other, others);

    expect(await confirm(denier, its, false)).toMatchObject({ status: 200, body: { state: 'failed' } });
    const seen = await untilState(other, others, 'failed');
    expect(seen.error).toMatch(/other device says/);
    expect(isPaired()).toEqual([false, false]);
    expect(await confirm(other, others)).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
  });

  it('can be cancelled', async () => {
    const { near, far } = await compare(ada, bob);
    expect(await ada.call('DELETE', `/pairings/${near.id}`)).toMatchObject({ status: 204 });
    expect((await untilState(bob, far, 'failed')).error).toMatch(/ended it/);
    expect(asPairing(await ada.call('GET', `/pairings/${near.id}`))).toMatchObject({ state: 'failed' });
    expect(await ada.call('DELETE', `/pairings/${near.id}`)).toMatchObject({ status: 204 });
    expect(isPaired()).toEqual([false, false]);
  });

  it('cannot be cancelled once it has paired', async () => {
    const { near, far } = await compare(ada, bob);
    await confirm(ada, near);
    await confirm(bob, far);
    expect(await bob.call('DELETE', `/pairings/${far.id}`)).toMatchObject({
      status: 409,
      body: { code: 'illegal-transition' },
    });
  });

  it('takes one answer of a user', async () => {
    const { near } = await compare(ada, bob);
    await confirm(ada, near);
    expect(await confirm(ada, near, false)).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
  });

  it('has expired after two minutes, also for the confirmation that comes then', async () => {
    const { near, far } = await compare(ada, bob);
    await confirm(ada, near);
    clock.aheadMs = 2 * 60_000;
    expect(await confirm(bob, far)).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    expect(asPairing(await bob.call('GET', `/pairings/${far.id}`))).toMatchObject({ state: 'expired' });
    await untilState(ada, near, 'expired');
    expect(isPaired()).toEqual([false, false]);
  });

  it('needs pairing mode on the other device, which closes again', async () => {
    expect(await claim(ada, bob)).toMatchObject({ status: 409, body: { code: 'pairing-closed' } });
    expect(await bob.call('GET', '/pairing-mode')).toMatchObject({ body: { open: false } });
    const { body } = await bob.call('PUT', '/pairing-mode', { open: true });
    expect(Date.parse(String(body['until'])) - Date.now()).toBeGreaterThan(290_000);
    clock.aheadMs = 5 * 60_000;
    expect(await bob.call('GET', '/pairing-mode')).toMatchObject({ body: { open: false } });
    expect(await claim(ada, bob)).toMatchObject({ status: 409, body: { code: 'pairing-closed' } });
    await bob.call('PUT', '/pairing-mode', { open: true });
    await bob.call('PUT', '/pairing-mode', { open: false });
    expect(await claim(ada, bob)).toMatchObject({ status: 409, body: { code: 'pairing-closed' } });
    expect(bob.published().filter(([type]) => type === 'pairing-mode.changed')).toHaveLength(3);
    expect((await bob.call('GET', '/pairings')).body).toMatchObject({ total: 0 });
  });

  it('has one question open at a time', async () => {
    const carol = await TestNode.start({ name: 'Carol' });
    try {
      const { near } = await compare(ada, bob);
      expect(await claim(carol, bob)).toMatchObject({ status: 409, body: { code: 'pairing-closed' } });
      expect(await claim(bob, carol)).toMatchObject({ status: 409, body: { code: 'pairing-busy' } });
      await ada.call('DELETE', `/pairings/${near.id}`);
      await bob.until(() => bob.published().some(([, data]) => (data as { state?: string }).state === 'failed'));
      expect(await claim(carol, bob)).toMatchObject({ status: 201 });
    } finally {
      await carol.remove();
    }
  });

  it('is one and the same when both users begin at once, and needs no pairing mode then', async () => {
    const [one, two] = await Promise.all([claim(ada, bob), claim(bob, ada)]);
    expect([one.status, two.status]).toEqual([201, 201]);
    const [near, far] = [asPairing(one), asPairing(two)];
    expect(near.sas).toEqual(far.sas);
    const smaller = ada.id < bob.id ? near : far;
    expect(smaller.direction).toBe('out');
    await confirm(ada, near);
    expect(await confirm(bob, far)).toMatchObject({ body: { state: 'paired' } });
    expect(isPaired()).toEqual([true, true]);
  });

  it('is not needed for a device that is paired: that is just connected', async () => {
    await pair(ada, bob);
    expect(await claim(ada, bob)).toMatchObject({ status: 201, body: { state: 'paired', peerId: bob.id } });
  });

  it.each([
    ['the other device', () => bob.call('DELETE', `/peers/${ada.id}`)],
    ['this device', () => ada.call('DELETE', `/peers/${bob.id}`)],
  ])('is possible again after %s has forgotten the other', async (_who, forget) => {
    await pair(ada, bob);
    await forget();
    const { near, far } = await compare(ada, bob);
    expect(near.sas).toEqual(far.sas);
    await confirm(bob, far);
    expect(await confirm(ada, near)).toMatchObject({ body: { state: 'paired' } });
    expect(isPaired()).toEqual([true, true]);
    await ada.until(() => ada.peers.get(bob.id).state === 'online');
    await bob.until(() => bob.peers.get(ada.id).state === 'online');
  });

  it('is not begun with itself', async () => {
    expect(await claim(ada, ada)).toMatchObject({ status: 409, body: { code: 'pairing-self' } });
  });

  it.each([
    ['nobody', '127.0.0.1:1', 502, 'peer-unreachable'],
    ['no address', 'a b c', 400, 'validation'],
  ])('says that there is %s, and is free for the next', async (_what, address, status, code) => {
    expect(await ada.call('POST', '/pairings/claim', { address })).toMatchObject({ status, body: { code } });
    expect(await pairingIn(ada, 'comparing')).toBeUndefined();
    await compare(ada, bob);
  });

  it.each([{}, { match: 'yes' }, { match: null }, { match: true, digits: '1' }])(
    'takes no confirmation like %j',
    async (body) => {
      const { near } = await compare(ada, bob);
      expect(await ada.call('POST', `/pairings/${near.id}/confirm`, body)).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    },
  );
});
