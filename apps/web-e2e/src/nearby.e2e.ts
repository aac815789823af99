import { NodeGroup, type NodeProcess } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const OPTIONS = { env: { FERRY_DISCOVERY: 'on', FERRY_DISCOVERY_INTERFACE: '127.0.0.1' } };
/** The longest that a device may take to appear or to disappear. */
const DISCOVERY_MS = 10_000;

describeInBrowser('devices nearby', () => {
  const group = new NodeGroup();
  const name = `Pixel ${process.pid}`; // other tests on this machine announce theirs
  let maple: NodeProcess;
  let pixel: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    maple = await group.start('Maple', OPTIONS);
    ui = await Ui.open(maple);
    await ui.go('/peers');
    pixel = await group.create(name, OPTIONS);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => expect(ui.takeProblems()).toEqual([]));

  const card = (state: string) =>
    ui.page.locator(`[data-testid="peer-card"][data-state="${state}"]`).filter({ hasText: name });

  it('appear by themselves', async () => {
    await pixel.start();
    await card('nearby').waitFor({ timeout: DISCOVERY_MS });
  });

  it('are paired from the list', async () => {
    await pixel.api.ok('PUT', '/pairing-mode', { open: true });
    await ui.button('Pair a device').click();
    const row = ui.dialog.getByTestId('nearby-device').filter({ hasText: name });
    await row.getByRole('button', { name: `Pair with ${name}` }).click();
    await ui.dialog.getByRole('button', { name: 'They match' }).click();
    const { items } = await pixel.api.get<{ items: { id: string }[] }>('/pairings');
    await pixel.api.ok('POST', `/pairings/${items[0]?.id}/confirm`, { match: true });
    await ui.dialog.getByTestId('paired').waitFor();
    await ui.dialog.getByRole('button', { name: 'Done' }).click();
    await card('online').waitFor();
    expect(await card('nearby').count()).toBe(0);
  });

  it('disappear when they go', async () => {
    const other = await group.start(`${name} again`, OPTIONS);
    await card('nearby').waitFor({ timeout: DISCOVERY_MS });
    await other.stop();
    await card('nearby').waitFor({ state: 'detached', timeout: DISCOVERY_MS });
  });
});
