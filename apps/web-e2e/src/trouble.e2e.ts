import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, NodeGroup, type NodeProcess, pair, untilEntry } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

describeInBrowser('when something goes wrong', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let other: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    [node, other] = await Promise.all([
      group.start('Maple', { env: { FERRY_MAX_FILE_SIZE: '1000', FERRY_ALLOWED_EXTENSIONS: 'txt' } }),
      group.start('Kim'),
    ]);
    ui = await Ui.open(node);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  /** Refusals of the node are in the console as failed requests; nothing else may be. */
  afterEach(() => {
    const unexpected = ui
      .takeProblems()
      .filter((problem) => !/^(answer: |console: Failed to load resource)/.test(problem));
    expect(unexpected).toEqual([]);
  });

  async function claim(text: string): Promise<string> {
    await ui.go('/peers');
    await ui.button('Pair a device').click();
    await ui.dialog.getByRole('tab', { name: 'Enter invitation or address' }).click();
    await ui.dialog.getByLabel('Invitation or address of the other device').fill(text);
    await ui.dialog.getByRole('button', { name: 'Pair', exact: true }).click();
    const words = ui.dialog.getByRole('alert').filter({ hasText: /\S/ });
    await words.waitFor();
    return words.innerText();
  }

  it('says why an invitation is refused, and what to do', async () => {
    expect(await claim('hello')).toMatch(/invitation/i);
    const { uri: own = '' } = await node.api.invite();
    expect(await claim(own)).toMatch(/this very device.*other one/i);
    const { uri = '' } = await other.api.invite();
    const wrong = uri.replace(/secret=[^&]{4}/, 'secret=AAAA');
    expect(await claim(wrong)).toMatch(/new invitation|new one/i);
  });

  it('says why an address cannot be added', async () => {
    await ui.go('/peers');
    await ui.button('Add address').click();
    await ui.dialog.getByLabel('Address').fill(`127.0.0.1:${await freePort()}`);
    await ui.dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const words = ui.dialog.getByRole('alert').filter({ hasText: /\S/ });
    await words.waitFor();
    expect(await words.innerText()).toMatch(/running|reach|refused/i);
  });

  it.each([
    ['large.txt', 'x'.repeat(1001), /large|limit|big/i],
    ['setup.exe', 'x', /\.?exe|type|allowed|accept/i],
  ])('says why %s is not taken', async (name, content, reason) => {
    await ui.go('/files');
    const path = join(node.folders.root, name);
    await writeFile(path, content);
    await ui.page.getByTestId('file-input').setInputFiles(path);
    const row = ui.page.locator('[data-testid="upload-row"][data-state="failed"]').filter({ hasText: name });
    await row.waitFor();
    expect(await row.innerText()).toMatch(reason);
    expect((await node.api.files('shared')).items).toEqual([]);
  });

  it('shows that the node is gone, and goes on by itself with the right data when it is back', async () => {
    await node.api.upload({ name: 'before.txt', content: 'x' });
    await ui.go('/files');
    await ui.file('before.txt').waitFor();
    await node.stop();
    await ui.liveState.filter({ hasText: /Reconnecting|Offline/ }).waitFor();
    await writeFile(join(node.folders.shared, 'meanwhile.txt'), 'added while the node was down');
    await node.start();
    await ui.live();
    await ui.file('meanwhile.txt').waitFor();
    expect(await ui.page.getByTestId('file-row').count()).toBe(2);
    ui.takeProblems(); // requests to a stopped node fail
  });

  it('opens every page while the node is down, and says what cannot be loaded', async () => {
    await ui.go('/');
    await preloaded(ui);
    await node.stop();
    await ui.liveState.filter({ hasText: /Reconnecting|Offline/ }).waitFor();
    for (const name of ['Transfers', 'Files', 'Settings', 'Peers']) {
      await ui.page.getByRole('link', { name }).filter({ visible: true }).first().click();
      await ui.page.getByRole('heading', { level: 1, name }).waitFor();
    }
    await ui.page.keyboard.press('?');
    await ui.toast('This dialog could not be loaded: the node does not answer.').waitFor();
    await node.start();
    await ui.live();
    await ui.page.keyboard.press('?');
    await ui.dialog.waitFor();
    await ui.page.keyboard.press('Escape');
    // Requests to a stopped node fail, and the browser says so; nothing else may be in the console.
    expect(
      ui.takeProblems().filter((problem) => !/^request: |ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(problem)),
    ).toEqual([]);
  });

  it('shows a peer that goes offline and comes back', async () => {
    await pair(other, node);
    await ui.go('/peers');
    const card = (state: string) => ui.page.locator(`[data-testid="peer-card"][data-state="${state}"]`);
    await card('online').waitFor();
    await other.stop();
    await card('offline').waitFor();
    await other.start();
    await card('online').waitFor({ timeout: 30_000 });
  });

  it('selects all that a peer shares, and keeps the selection when getting it fails', async () => {
    await Promise.all(
      Array.from({ length: SHARED_FILES }, (_, index) => writeFile(join(other.folders.shared, `${index}.txt`), 'x')),
    );
    await untilEntry(other.api, `${SHARED_FILES - 1}.txt`);
    await ui.page.getByRole('link', { name: 'Browse files of Kim' }).click();
    await ui.remoteFile('0.txt').waitFor();
    await ui.page.getByLabel('Select all files shown').check();
    const selection = ui.page.getByTestId('selection');
    await ui.button(/^Select all/).click();
    await selection.filter({ hasText: ALL_SELECTED }).waitFor();
    await other.stop();
    await ui.button('Get selected').click();
    await ui.toast(/offline|answer|reach/).waitFor();
    expect(await selection.innerText()).toMatch(ALL_SELECTED);
    expect(await isCovered(ui, 'Get selected')).toBe(false);
    await other.start();
  });
});

const SHARED_FILES = 230;
const ALL_SELECTED = /^230 items selected/;

/** Resolves when the code of all pages is there. */
async function preloaded(ui: Ui): Promise<void> {
  await ui.page.waitForLoadState('networkidle');
}

/** Whether something lies over a button. */
async function isCovered(ui: Ui, name: string): Promise<boolean> {
  const box = await ui.button(name).boundingBox();
  if (!box) return true;
  return ui.page.evaluate(
    ([x, y]) => !document.elementFromPoint(x ?? 0, y ?? 0)?.closest('app-selection-bar'),
    [box.x + box.width / 2, box.y + box.height / 2],
  );
}
