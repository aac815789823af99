import { TestNode, type Answer } from '../testing/test-node';

jest.setTimeout(30_000); // whole nodes start here, also on a busy machine

describe('pairing by invitation', () => {
  const clock = { aheadMs: 0 };
  const peersOptions = { now: () => Date.now() + clock.aheadMs };
  let inviter: TestNode;
  let claimer: TestNode;

  beforeEach(async () => {
    clock.aheadMs = 0;
    inviter = await TestNode.start({ name: 'Inviter', peersOptions });
    claimer = await TestNode.start({ name: 'Claimer' });
  });
  afterEach(() => Promise.all([inviter.remove(), claimer.remove()]));

  const invite = async (): Promise<string> => (await inviter.call('POST', '/pairings')).body['uri'] as string;
  const claim = (uri: unknown, by = claimer): Promise<Answer> => by.call('POST', '/pairings/claim', { uri });
  const withWrongSecret = (uri: string): string => uri.replace(/secret=[^&]*/, `secret=${'A'.repeat(43)}`);
  const pairedIds = (node: TestNode) =>
    node.peers
      .list()
      .items.filter(({ paired }) => paired)
      .map(({ id }) => id);

  it('leaves both sides trusting each other', async () => {
    const invitation = await inviter.call('POST', '/pairings');
    expect(invitation).toMatchObject({
      status: 201,
      body: { state: 'open', uri: expect.stringContaining(`addr=${inviter.peerAddress}`) },
    });

    const claimed = await claim(invitation.body['uri']);

    expect(claimed).toMatchObject({ status: 201, body: { state: 'paired', peerId: inviter.id } });
    expect(claimer.peers.get(inviter.id)).toMatchObject({ name: 'Inviter', paired: true, state: 'online' });
    expect(inviter.peers.get(claimer.id)).toMatchObject({ name: 'Claimer', paired: true });
    expect(await inviter.call('GET', `/pairings/${String(invitation.body['id'])}`)).toMatchObject({
      status: 200,
      body: { state: 'paired', peerId: claimer.id },
    });
    expect(await claimer.call('GET', '/pairings')).toMatchObject({
      body: { items: [{ peerId: inviter.id }], total: 1 },
    });
  });

  it('lets the claimer list files at once', async () => {
    await claim(await invite());
    expect(await claimer.call('GET', `/peers/${inviter.id}/files`)).toMatchObject({
      status: 200,
      body: { items: [], nextCursor: null, total: 0 },
    });
  });

  it('tells both UIs', async () => {
    await claim(await invite());
    await inviter.until(() => inviter.peers.get(claimer.id).state === 'online');
    const types = inviter.published().map(([type]) => type);
    expect(types).toEqual(expect.arrayContaining(['pairings.changed', 'peers.added', 'peers.changed']));
    expect(claimer.published()).toContainEqual(['pairings.changed', expect.objectContaining({ state: 'paired' })]);
  });

  it('may be repeated by the same device', async () => {
    const uri = await invite();
    await claim(uri);
    expect(await claim(uri)).toMatchObject({ status: 201, body: { state: 'paired' } });
  });

  it('refuses a second device', async () => {
    const second = await TestNode.start({ name: 'Second' });
    try {
      const uri = await invite();
      await claim(uri);
      expect(await claim(uri, second)).toMatchObject({ status: 403, body: { code: 'pairing-wrong-code' } });
      expect(pairedIds(inviter)).toEqual([claimer.id]);
      expect(pairedIds(second)).toEqual([]);
    } finally {
      await second.remove();
    }
  });

  it('does not trust a device with the wrong secret, nor is trusted by it', async () => {
    expect(await claim(withWrongSecret(await invite()))).toMatchObject({
      status: 403,
      body: { code: 'pairing-wrong-code' },
    });
    expect(pairedIds(inviter)).toEqual([]);
    expect(pairedIds(claimer)).toEqual([]);
  });

  it('stops a device after three wrong tries, whatever it knows then', async () => {
    const uri = await invite();
    for (let attempt = 0; attempt < 3; attempt += 1) await claim(withWrongSecret(uri));
    expect(await claim(uri)).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    clock.aheadMs = 10 * 60_000;
    expect(await claim(await invite())).toMatchObject({ status: 201 });
  });

  it('says that an invitation has expired', async () => {
    const uri = await invite();
    clock.aheadMs = 2 * 60_000;
    expect(await claim(uri)).toMatchObject({ status: 410, body: { code: 'pairing-expired' } });
    expect(pairedIds(inviter)).toEqual([]);
  });

  it('refuses an invitation that was revoked', async () => {
    const { body } = await inviter.call('POST', '/pairings');
    expect(await inviter.call('DELETE', `/pairings/${String(body['id'])}`)).toMatchObject({ status: 204 });
    expect(await inviter.call('GET', `/pairings/${String(body['id'])}`)).toMatchObject({ body: { state: 'expired' } });
    expect(await claim(body['uri'])).toMatchObject({ status: 410, body: { code: 'pairing-expired' } });
    expect(pairedIds(inviter)).toEqual([]);
  });

  it('does not revoke an invitation that was used: that is for the peer', async () => {
    const { body } = await inviter.call('POST', '/pairings');
    await claim(body['uri']);
    expect(await inviter.call('DELETE', `/pairings/${String(body['id'])}`)).toMatchObject({
      status: 409,
      body: { code: 'illegal-transition' },
    });
    expect(pairedIds(inviter)).toEqual([claimer.id]);
  });

  it('keeps sixteen invitations open and lets the oldest go', async () => {
    const oldest = await invite();
    for (let count = 0; count < 16; count += 1) await invite();
    const { body } = await inviter.call('GET', '/pairings');
    const states = (body['items'] as { state: string }[]).map(({ state }) => state);
    expect(states.filter((state) => state === 'open')).toHaveLength(16);
    expect(await claim(oldest)).toMatchObject({ status: 410 });
  });

  it('pairs again after one side has forgotten the other', async () => {
    await claim(await invite());
    await inviter.call('DELETE', `/peers/${claimer.id}`);
    await claimer.until(() => claimer.peers.get(inviter.id).lastError?.includes('pair again') ?? false);
    expect(await claim(await invite())).toMatchObject({ status: 201 });
    expect(claimer.peers.get(inviter.id)).toMatchObject({ state: 'online', paired: true });
    expect(claimer.peers.get(inviter.id)).not.toHaveProperty('lastError');
  });

  it('does not let a forgotten device back in with its old invitation', async () => {
    const uri = await invite();
    await claim(uri);
    await inviter.call('DELETE', `/peers/${claimer.id}`);
    expect(await claim(uri)).toMatchObject({ status: 410 });
    expect(pairedIds(inviter)).toEqual([]);
  });

  it('names the addresses when nobody is there', async () => {
    const uri = await invite();
    const address = inviter.peerAddress;
    await inviter.stop();
    const { status, body } = await claim(uri);
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'peer-unreachable' });
    expect(body['detail']).toContain(address);
    inviter = await TestNode.start({ name: 'Inviter', folder: inviter.folder });
  });

  it('notices another device at the address', async () => {
    const uri = (await invite()).replace(/addr=[^&]*/, `addr=${claimer.peerAddress}`);
    const other = await TestNode.start({ name: 'Other' });
    try {
      expect(await claim(uri, other)).toMatchObject({ status: 502, body: { code: 'peer-identity' } });
    } finally {
      await other.remove();
    }
  });
});

describe('a claim that cannot succeed', () => {
  let node: TestNode;

  beforeAll(async () => {
    node = await TestNode.start({ name: 'Node' });
  });
  afterAll(() => node.remove());

  const claim = (uri: unknown): Promise<Answer> => node.call('POST', '/pairings/claim', { uri });

  it('refuses its own invitation', async () => {
    expect(await claim((await node.call('POST', '/pairings')).body['uri'])).toMatchObject({
      status: 409,
      body: { code: 'pairing-self' },
    });
  });

  it.each([
    ['text', 'hello', /does not begin/],
    ['another scheme', 'https://pair?id=x', /does not begin/],
    ['nothing but the scheme', 'ferry://pair?', /no "id"/],
    ['a cut one', 'ferry://pair?id=AAAA', /56 characters|not a device id/],
  ])('refuses %s as an invitation and says why', async (_what, uri, why) => {
    const { status, body } = await claim(uri);
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'pairing-malformed' });
    expect(body['detail']).toMatch(why);
  });

  it.each([
    ['neither uri nor address', {}],
    ['both', { uri: 'ferry://pair?', address: '127.0.0.1:1' }],
    ['an empty address', { address: '' }],
    ['an over-long address', { address: `${'a'.repeat(300)}:1` }],
    ['an address that is a number', { address: 5 }],
    ['a number', { uri: 5 }],
    ['an empty text', { uri: '' }],
    ['an over-long text', { uri: 'f'.repeat(9_000) }],
    ['an unknown field', { uri: 'ferry://pair?', pin: 1 }],
  ])('refuses a claim with %s', async (_what, body) => {
    expect(await node.call('POST', '/pairings/claim', body)).toMatchObject({
      status: 400,
      body: { code: 'validation' },
    });
  });

  it.each([
    ['GET', '/pairings/nope', undefined],
    ['DELETE', '/pairings/nope', undefined],
    ['POST', '/pairings/nope/confirm', { match: true }],
  ])('does not know every pairing: %s %s', async (method, path, body) => {
    expect(await node.call(method, path, body)).toMatchObject({ status: 404, body: { code: 'pairing-not-found' } });
  });

  it.each([{}, { open: 'yes' }, { open: null }, { open: true, until: 'tomorrow' }])(
    'does not set pairing mode to %j',
    async (body) => {
      expect(await node.call('PUT', '/pairing-mode', body)).toMatchObject({
        status: 400,
        body: { code: 'validation' },
      });
    },
  );
});
