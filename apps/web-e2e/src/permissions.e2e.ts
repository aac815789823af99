import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeGroup, type NodeProcess, pair, untilEntry } from '@ferry/test-nodes';
import type { Locator } from 'playwright-core';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

describeInBrowser('what a peer may do', () => {
  const group = new NodeGroup();
  let maple: NodeProcess;
  let kim: NodeProcess;
  let atMaple: Ui;
  let atKim: Ui;

  /** Maple shares two files; each page is where its user looks. */
  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.start('Maple'), group.start('Kim')]);
    for (const name of ['diary.txt', 'recipe.txt']) {
      await writeFile(join(maple.folders.shared, name), `this is ${name}`);
      await untilEntry(maple.api, name);
    }
    await pair(maple, kim);
    atMaple = await Ui.open(maple);
    atKim = await Ui.open(kim);
    await atMaple.go('/peers');
    await atMaple.page.locator('[data-testid="peer-card"][data-state="online"]').waitFor();
    await atKim.go('/peers');
    await atKim.page.getByRole('link', { name: 'Browse files of Maple' }).click();
    await atKim.remoteFile('diary.txt').waitFor();
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => {
    expect(atMaple.takeProblems()).toEqual([]);
    const problems = atKim.takeProblems().filter((one) => !/^(answer: 4|answer: 5|console: Failed)/.test(one));
    expect(problems).toEqual([]);
  });

  async function openPermissions(): Promise<Locator> {
    await atMaple.button('More for Kim').click();
    await atMaple.page.getByRole('button', { name: 'Permissions' }).last().click();
    return atMaple.dialog;
  }

  it('hides all files from a peer that may not see them, and shows them again', async () => {
    const dialog = await openPermissions();
    await dialog.getByRole('switch', { name: 'May see my files' }).uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await atMaple.toast('Saved what Kim may do').waitFor();
    await atMaple.page.getByText('May not see your files').waitFor();
    await atKim.remoteFile('diary.txt').waitFor({ state: 'detached' });
    await openPermissions();
    await dialog.getByRole('switch', { name: 'May see my files' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await atKim.remoteFile('diary.txt').waitFor();
  });

  it('accepts automatically only up to a size that is one', async () => {
    const dialog = await openPermissions();
    await dialog.getByRole('switch', { name: 'Accept without asking' }).check();
    const size = dialog.getByLabel('up to');
    await size.fill('lots');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Enter a whole number of MiB').waitFor();
    await size.fill('500');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await atMaple.dialog.waitFor({ state: 'detached' });
    const [peer] = (await maple.api.peers()).items;
    expect(peer?.permissions).toEqual({
      seeMyFiles: true,
      sendToMe: true,
      autoAcceptBytes: 500 * 1024 * 1024,
      blocked: false,
    });
  });

  it('shows a single file to nobody, to a chosen peer, and to all again', async () => {
    await atMaple.go('/files');
    const badge = atMaple.file('diary.txt').getByTestId('visibility').filter({ visible: true });
    const choose = async (label: string, then?: () => Promise<void>): Promise<void> => {
      await badge.click();
      await atMaple.dialog.getByRole('radio', { name: label }).check();
      await then?.();
      await atMaple.dialog.getByRole('button', { name: 'Save' }).click();
      await atMaple.dialog.waitFor({ state: 'detached' });
    };
    await choose('Nobody');
    await badge.filter({ hasText: 'Nobody' }).waitFor();
    await atKim.remoteFile('diary.txt').waitFor({ state: 'detached' });
    await atKim.remoteFile('recipe.txt').waitFor();
    await choose('Chosen devices', () => atMaple.dialog.getByRole('checkbox', { name: 'Kim' }).check());
    await badge.filter({ hasText: 'Kim' }).waitFor();
    await atKim.remoteFile('diary.txt').waitFor();
    await choose('All paired devices');
    await badge.filter({ hasText: 'All paired' }).waitFor();
  });

  it('changes many files at once', async () => {
    await atMaple.page.getByLabel('Select all files shown').check();
    await atMaple.page.getByTestId('selection').filter({ hasText: '2 items selected' }).waitFor();
    await atMaple.button(/^Who may see$/).click();
    await atMaple.dialog.getByRole('radio', { name: 'Nobody' }).check();
    await atMaple.dialog.getByRole('button', { name: 'Save' }).click();
    await atKim.page.getByText('Maple shares nothing yet').waitFor();
    expect(await atMaple.page.getByTestId('selection').count()).toBe(0);
  });

  it('blocks a peer at once, and takes it back', async () => {
    await atMaple.go('/peers');
    const dialog = await openPermissions();
    await dialog.getByRole('button', { name: 'Block' }).click();
    await atMaple.page.getByTestId('blocked').waitFor();
    await atKim.page.getByTestId('presence').filter({ hasText: 'Offline' }).waitFor();
    await atMaple.button('Unblock').click();
    await atMaple.page.locator('[data-testid="peer-card"][data-state="online"]').waitFor({ timeout: 60_000 });
  });

  it('tests the connection step by step, with times and the speed', async () => {
    await atMaple.button('Test connection').click();
    const steps = atMaple.dialog.getByTestId('test-step');
    await steps.first().waitFor();
    expect(await steps.count()).toBe(6);
    for (const step of await steps.all()) {
      expect(await step.getAttribute('data-result')).toBe('passed');
      expect(await step.innerText()).toMatch(/\d (ms|s)$/);
    }
    await atMaple.dialog.getByText(/Kim answers, [\d.]+ ms away, .*\/s\./).waitFor();
    await atMaple.dialog.getByRole('button', { name: 'Close' }).last().click();
  });
});
