import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeGroup, type NodeProcess } from '@ferry/test-nodes';
import type { Locator } from 'playwright-core';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

describeInBrowser('settings', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    node = await group.start('Maple', { env: { FERRY_MAX_FILE_SIZE: '52428800' } });
    ui = await Ui.open(node);
    await ui.go('/settings');
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => {
    const unexpected = ui
      .takeProblems()
      .filter((one) => !/^(answer: 4(00|09|22)|console: Failed to load resource)/.test(one));
    expect(unexpected).toEqual([]);
  });

  const row = (key: string): Locator => ui.page.locator(`[data-setting="${key}"]`);

  async function enter(key: string, text: string): Promise<void> {
    const field = row(key).getByRole('textbox');
    await field.fill(text);
    await field.blur();
  }

  const refusal = (key: string, words: RegExp): Promise<void> =>
    row(key).getByRole('alert').filter({ hasText: words }).waitFor();

  it('are stored when the field is left, and hold after a restart', async () => {
    await enter('maxFileSize', '10');
    await row('maxFileSize').getByText('Saved').waitFor();
    expect((await node.api.status()).limits.maxFileSize).toBe(10 * 1024 * 1024);
    await node.stop();
    await node.start();
    await ui.go('/settings');
    ui.takeProblems(); // the page asked a stopped node
    expect(await row('maxFileSize').getByRole('textbox').inputValue()).toBe('10');
  });

  it('go back to what the environment says', async () => {
    await ui.button('Largest file: back to the default').click();
    await row('maxFileSize').getByText('Saved').waitFor();
    expect(await row('maxFileSize').getByRole('textbox').inputValue()).toBe('50');
  });

  it('say what is wrong with a text, and store nothing', async () => {
    await enter('maxFileSize', 'lots');
    await refusal('maxFileSize', /whole number of MiB/);
    await enter('trashRetentionDays', '-1');
    await refusal('trashRetentionDays', /whole number of days/);
    expect((await node.api.status()).limits.maxFileSize).toBe(50 * 1024 * 1024);
    await row('maxFileSize').getByRole('textbox').press('Escape');
    expect(await row('maxFileSize').getByRole('textbox').inputValue()).toBe('50');
  });

  it('say why a folder cannot be used, and keep the old one', async () => {
    const file = join(node.folders.root, 'a file');
    await writeFile(file, 'no folder');
    await enter('sharedDir', join(file, 'below'));
    await refusal('sharedDir', /folder|directory/i);
    await enter('sharedDir', node.folders.received);
    await refusal('sharedDir', /received|same|inside|other/i);
    await row('sharedDir').getByRole('textbox').press('Escape');
    expect(await row('sharedDir').getByRole('textbox').inputValue()).toBe(node.folders.shared);
  });

  it('change the shared folder while the node runs', async () => {
    const other = join(node.folders.root, 'other');
    await mkdir(other);
    await writeFile(join(other, 'here.txt'), 'here');
    await enter('sharedDir', other);
    await row('sharedDir').getByText('Saved').waitFor();
    await ui.go('/files');
    await ui.file('here.txt').waitFor();
  });

  it('change the rule for names that are taken', async () => {
    await ui.go('/settings');
    await row('onConflict').getByRole('combobox').selectOption({ label: 'Skip the new file' });
    await row('onConflict').getByText('Saved').waitFor();
    expect(await node.api.get('/settings')).toMatchObject({ onConflict: 'skip' });
  });

  it('show what somebody else changed, without a reload', async () => {
    await node.api.ok('PATCH', '/settings', { trashRetentionDays: 7 });
    await ui.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[data-setting="trashRetentionDays"] input')?.value === '7',
    );
  });
});
