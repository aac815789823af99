import { freePort, NodeGroup, type NodeProcess } from '@ferry/test-nodes';
import type { Locator } from 'playwright-core';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

describeInBrowser('pairing by comparing a code on two devices', () => {
  const group = new NodeGroup();
  let maple: NodeProcess;
  let kim: NodeProcess;
  let atMaple: Ui;
  let atKim: Ui;

  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.start('Maple'), group.start('Kim')]);
    atMaple = await Ui.open(maple);
    atKim = await Ui.open(kim);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  /** What the node refuses is in the console as a failed request; nothing else may be. */
  afterEach(() => {
    const problems = [...atMaple.takeProblems(), ...atKim.takeProblems()];
    expect(problems.filter((one) => !/^(answer: (4|502)|console: Failed to load resource)/.test(one))).toEqual([]);
  });

  const phase = (ui: Ui, name: string): Locator => ui.page.locator(`[data-testid="comparison"][data-phase="${name}"]`);

  /** What the user reads off the screen. */
  async function code(ui: Ui): Promise<string> {
    await phase(ui, 'compare').waitFor();
    const [digits, symbols] = await Promise.all([
      ui.page.getByTestId('sas-digits').innerText(),
      ui.page.getByTestId('sas-symbols').innerText(),
    ]);
    return `${digits} ${symbols}`.replace(/\s+/g, ' ');
  }

  async function enter(ui: Ui, address: string): Promise<void> {
    await ui.go('/peers');
    await ui.button('Pair a device').click();
    await ui.dialog.getByRole('tab', { name: 'Enter invitation or address' }).click();
    await ui.dialog.getByLabel('Invitation or address of the other device').fill(address);
    await ui.dialog.getByRole('button', { name: 'Pair', exact: true }).click();
  }

  async function discoverable(ui: Ui): Promise<void> {
    await ui.go('/peers');
    await ui.page.getByRole('switch', { name: 'Discoverable for pairing' }).check();
    await ui.page
      .getByTestId('pairing-mode')
      .filter({ hasText: /Closes in [45]:\d\d/ })
      .waitFor();
  }

  it('says what to switch on when the other device takes no requests', async () => {
    await enter(atKim, maple.peerAddress);
    const failure = atKim.dialog.getByTestId('start-failure');
    await failure.filter({ hasText: 'Discoverable for pairing' }).waitFor();
    await discoverable(atMaple);
    await failure.getByRole('button', { name: 'Try again' }).click();
    await phase(atKim, 'compare').waitFor();
  });

  it('asks on any page of the other device, and shows the same code there', async () => {
    await atMaple.go('/files');
    const request = atMaple.page.getByTestId('needs-you-corner').getByTestId('pairing-request');
    await request.filter({ hasText: '“Kim” asks to pair' }).waitFor();
    await request.getByRole('button', { name: 'Compare' }).click();
    expect(await code(atMaple)).toBe(await code(atKim));
    expect(await code(atMaple)).toMatch(/^\d{3} \d{3}( \S+ [A-Z][a-z]+){4}$/);
  });

  it('answers no key before a button is focused', async () => {
    await atMaple.page.keyboard.press('Enter');
    await atMaple.page.keyboard.press('Space');
    await phase(atMaple, 'compare').waitFor();
    expect(await atMaple.page.evaluate(() => document.activeElement?.tagName)).toBe('H3');
  });

  it('pairs when both users say that the codes match, one by the keyboard alone', async () => {
    await atMaple.page.keyboard.press('Tab');
    await atMaple.page.keyboard.press('Tab');
    expect(await atMaple.page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('They match');
    await atMaple.page.keyboard.press('Enter');
    await phase(atMaple, 'waiting').waitFor();
    await atKim.dialog.getByRole('button', { name: 'They match' }).click();
    for (const [ui, name] of [
      [atMaple, 'Kim'],
      [atKim, 'Maple'],
    ] as const) {
      await ui.dialog
        .getByTestId('paired')
        .filter({ hasText: `Paired with ${name}` })
        .waitFor();
      await ui.dialog.getByRole('button', { name: 'Done' }).click();
      await ui.go('/peers');
      await ui.page.locator('[data-testid="peer-card"][data-state="online"]').filter({ hasText: name }).waitFor();
    }
  });

  it('does not pair twice with the same device', async () => {
    await enter(atKim, maple.peerAddress);
    await atKim.dialog.getByText('Maple is at this address, and is paired already.').waitFor();
  });

  it('trusts nobody when the codes differ, and says so on both devices', async () => {
    await unpair(atKim, 'Maple');
    await unpair(atMaple, 'Kim');
    await discoverable(atMaple);
    await enter(atKim, maple.peerAddress);
    await phase(atKim, 'compare').waitFor();
    await atMaple.page.getByTestId('pairing-request').getByRole('button', { name: 'Compare' }).click();
    await atMaple.dialog.getByRole('button', { name: 'They differ' }).click();
    await phase(atMaple, 'differ').filter({ hasText: 'Nothing was shared' }).waitFor();
    await phase(atKim, 'failed')
      .filter({ hasText: /nothing was shared/i })
      .waitFor();
    for (const node of [maple, kim]) {
      expect((await node.api.peers()).items.filter(({ paired }) => paired)).toEqual([]);
    }
  });

  it('lets a request be ignored, and the other side knows that it is over', async () => {
    await discoverable(atMaple);
    await enter(atKim, maple.peerAddress);
    await phase(atKim, 'compare').waitFor();
    await atMaple.go('/');
    const request = atMaple.page.getByTestId('needs-you').getByTestId('pairing-request');
    await request.getByRole('button', { name: 'Ignore' }).click();
    await request.waitFor({ state: 'detached' });
    await phase(atKim, 'failed').waitFor();
  });

  it('blocks a stranger that asks, and lets it ask again when it is unblocked', async () => {
    const nosy = await group.start('Nosy');
    await discoverable(atMaple);
    await nosy.api.ok('POST', '/pairings/claim', { address: maple.peerAddress });
    const request = atMaple.page.getByTestId('pairing-request');
    await request.getByRole('button', { name: 'Block' }).click();
    await atMaple.toast('Blocked Nosy').waitFor();
    await request.waitFor({ state: 'detached' });
    expect((await nosy.api.call('POST', '/pairings/claim', { address: maple.peerAddress })).status).toBeGreaterThan(
      399,
    );
    await atMaple.page
      .getByTestId('peer-card')
      .filter({ hasText: 'Nosy' })
      .getByRole('button', { name: 'Unblock' })
      .click();
    await atMaple.toast('Nosy is no longer blocked').waitFor();
    await nosy.api.ok('POST', '/pairings/claim', { address: maple.peerAddress });
    await request.waitFor();
    await request.getByRole('button', { name: 'Ignore' }).click();
  });

  it('says when an address leads to this very device, or nowhere', async () => {
    await enter(atKim, kim.peerAddress);
    await atKim.dialog
      .getByTestId('start-failure')
      .filter({ hasText: /this (very )?device|itself/i })
      .waitFor();
    await enter(atKim, `127.0.0.1:${await freePort()}`);
    await atKim.dialog.getByTestId('start-failure').filter({ hasText: 'Is Ferry running there' }).waitFor();
  });

  /** Forgets the peer, which stays in the list of the other side until that one learns of it. */
  async function unpair(ui: Ui, name: string): Promise<void> {
    await ui.go('/peers');
    await ui.button(`More for ${name}`).click();
    await ui.page.getByRole('button', { name: 'Unpair' }).last().click();
    await ui.alertDialog.getByRole('button', { name: 'Unpair' }).click();
    await ui.toast(`Unpaired ${name}`).waitFor();
  }
});
