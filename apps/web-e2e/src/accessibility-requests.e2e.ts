import { NodeGroup, type NodeProcess, pair, untilEntry } from '@ferry/test-nodes';
import { accessibilityFaults } from './support/axe';
import { closeBrowser, describeInBrowser } from './support/browser';
import { DESKTOP, PHONE, Ui } from './support/ui';

describeInBrowser('accessibility of what asks the user', () => {
  const group = new NodeGroup();
  let maple: NodeProcess;
  let kim: NodeProcess;

  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.start('Maple'), group.start("Kim's laptop")]);
    await pair(maple, kim);
    await kim.api.upload({ name: 'Summer in the mountains, first half.txt', content: 'sun' });
    await untilEntry(kim.api, 'Summer in the mountains, first half.txt');
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  /** Resolves when the page is painted in the theme: what still fades has no colour to measure. */
  async function chooseTheme(ui: Ui, theme: string): Promise<void> {
    await ui.page.emulateMedia({ reducedMotion: 'reduce' });
    await ui.page.evaluate(async (choice) => {
      document.documentElement.setAttribute('data-bs-theme', choice);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    }, theme);
  }

  /** Nothing is wrong for axe in both themes, and nothing needs scrolling sideways. */
  async function expectGood(ui: Ui): Promise<void> {
    for (const theme of ['dark', 'light']) {
      await chooseTheme(ui, theme);
      expect(await accessibilityFaults(ui.page)).toEqual([]);
    }
    const [scrollWidth, clientWidth] = await ui.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth ?? 0);
  }

  /** A device of its own each time: a node takes three tries from one device. */
  async function asked(ui: Ui): Promise<NodeProcess> {
    const stranger = await group.start('A laptop with a rather long name');
    await maple.api.ok('PUT', '/pairing-mode', { open: true });
    await stranger.api.ok('POST', '/pairings/claim', { address: maple.peerAddress });
    await ui.page.getByTestId('pairing-request').waitFor();
    return stranger;
  }

  /** Offers of Kim's with a long message each. */
  async function offerMany(count: number): Promise<void> {
    const { device } = await maple.api.status();
    const { items } = await kim.api.files('shared');
    const entryIds = items.map(({ id }) => id);
    for (let index = 0; index < count; index++)
      await kim.api.makeOffer([device.id], entryIds, `${index}: ${'from the weekend '.repeat(30)}`);
  }

  /** What a click in the middle of it would not reach. */
  function coveredControls(ui: Ui): Promise<string[]> {
    return ui.page.evaluate(() =>
      [...document.querySelectorAll('header.shell-top button, .bottom-tabs a')]
        .filter((control) => control.checkVisibility())
        .filter((control) => {
          const { left, top, width, height } = control.getBoundingClientRect();
          return !control.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        })
        .map((control) => control.outerHTML.slice(0, 120)),
    );
  }

  describe.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const)('on a %s', (_device, viewport) => {
    let ui: Ui;

    beforeAll(async () => {
      ui = await Ui.open(maple, viewport);
    });
    afterEach(() => expect(ui.takeProblems()).toEqual([]));

    it('has no fault from the request to pair to its end', async () => {
      const stranger = await asked(ui);
      for (const path of ['/', '/files', '/peers']) {
        await ui.go(path);
        await ui.page.getByTestId('pairing-request').waitFor();
        await expectGood(ui);
      }
      await ui.button('Compare').click();
      const phase = (name: string) => ui.page.locator(`[data-testid="comparison"][data-phase="${name}"]`).waitFor();
      await phase('compare');
      await expectGood(ui);
      await ui.dialog.getByRole('button', { name: 'They match' }).click();
      await phase('waiting');
      await expectGood(ui);
      await stranger.stop();
      await phase('failed');
      await expectGood(ui);
      await ui.dialog.getByRole('button', { name: 'Close' }).last().click();
    });

    it('has no fault when the codes differ', async () => {
      await asked(ui);
      await ui.button('Compare').click();
      await ui.dialog.getByRole('button', { name: 'They differ' }).click();
      await ui.page.locator('[data-testid="comparison"][data-phase="differ"]').waitFor();
      await expectGood(ui);
      await ui.dialog.getByRole('button', { name: 'Close' }).last().click();
    });

    it('has no fault in an offer, incoming and outgoing', async () => {
      await ui.go('/');
      const { device } = await maple.api.status();
      const { items } = await kim.api.files('shared');
      const offer = { peerIds: [device.id], entryIds: items.map(({ id }) => id), message: 'from the weekend' };
      await kim.api.ok('POST', '/offers', offer);
      const request = ui.page.getByTestId('offer-request');
      await request.waitFor();
      await expectGood(ui);
      await request.getByRole('button', { name: 'Show the files' }).click();
      await ui.dialog.getByTestId('offer-file').first().waitFor();
      await expectGood(ui);
      await ui.dialog.getByRole('button', { name: 'Decline' }).click();
      const atKim = await Ui.open(kim, viewport);
      await atKim.go('/transfers');
      await atKim.page.getByTestId('outgoing-offer').first().waitFor();
      await expectGood(atKim);
    });

    it('leaves the bar at the top and the tabs free when eight offers wait', async () => {
      await ui.go('/files');
      await offerMany(8);
      const corner = ui.page.getByTestId('needs-you-corner');
      await corner.getByText('8 waiting').waitFor();
      expect(await corner.getByTestId('offer-request').count()).toBe(1);
      expect(await coveredControls(ui)).toEqual([]);
      await expectGood(ui);
      await corner.getByRole('button', { name: 'Show the files' }).press('Enter');
      await ui.dialog.getByRole('button', { name: 'Decline' }).click({ trial: true }); // nothing lies over it
      await ui.page.keyboard.press('Escape');
      await ui.dialog.waitFor({ state: 'detached' });
      await corner.getByRole('button', { name: 'Hide what waits for you' }).press('Enter');
      await corner.getByTestId('offer-request').waitFor({ state: 'detached' });
      await expectGood(ui);
      await corner.getByRole('button', { name: 'Show what waits for you' }).press('Enter');
      await corner.getByRole('link', { name: 'and 7 more' }).press('Enter');
      await ui.page.getByTestId('needs-you').getByTestId('offer-request').nth(7).waitFor();
      const { items } = await maple.api.offers('direction=in');
      const waiting = items.filter(({ state }) => state === 'waiting');
      await Promise.all(waiting.map(({ id }) => maple.api.declineOffer(id)));
      await ui.page.getByTestId('needs-you').waitFor({ state: 'detached' });
    });
  });
});
