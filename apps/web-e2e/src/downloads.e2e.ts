import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NodeGroup, type NodeProcess, sha256sum, untilEntry } from '@ferry/test-nodes';
import sharp from 'sharp';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const run = promisify(execFile);

describeInBrowser('looking at files, and taking them along', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    node = await group.start('Maple');
    await mkdir(join(node.folders.shared, 'Notes'));
    const red = { width: 640, height: 480, channels: 3, background: 'red' } as const;
    await writeFile(join(node.folders.shared, 'red.jpg'), await sharp({ create: red }).jpeg().toBuffer());
    await writeFile(join(node.folders.shared, 'Notes/один.txt'), 'hello');
    await writeFile(join(node.folders.shared, 'not really.jpg'), 'no picture at all');
    for (const path of ['red.jpg', 'Notes/один.txt', 'not really.jpg']) await untilEntry(node.api, path);
    ui = await Ui.open(node);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => {
    const unexpected = ui.takeProblems().filter((one) => !/^(answer: 415|console: Failed to load resource)/.test(one));
    expect(unexpected).toEqual([]);
  });

  /** What is in the file that the browser saves, as `unzip` sees it, after it has checked it. */
  async function unzipped(save: () => Promise<void>): Promise<string[]> {
    const download = ui.page.waitForEvent('download');
    await save();
    const path = await (await download).path();
    await run('unzip', ['-t', path]);
    const { stdout } = await run('unzip', ['-Z1', path], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    return stdout.split('\n').filter(Boolean).sort();
  }

  it('saves a selection of files and folders as one zip', async () => {
    await ui.go('/files');
    await ui.file('red.jpg').waitFor();
    await ui.page.getByLabel('Select red.jpg').check();
    await ui.page.getByLabel('Select Notes').check();
    const names = await unzipped(() => ui.button('Download zip').click());
    expect(names.filter((name) => !name.endsWith('/'))).toEqual(['Notes/один.txt', 'red.jpg']);
    await ui.page.getByTestId('selection').waitFor({ state: 'detached' });
  });

  it('saves a folder as a zip', async () => {
    const names = await unzipped(() => ui.file('Notes').getByRole('link', { name: 'Download Notes' }).click());
    expect(names.filter((name) => !name.endsWith('/'))).toEqual(['Notes/один.txt']);
  });

  it('shows a small picture of a photo, and its SHA-256 as the system computes it', async () => {
    await ui.file('red.jpg').getByRole('button', { name: 'red.jpg', exact: true }).click();
    const sum = ui.dialog.getByTestId('sha256');
    await sum.waitFor();
    expect(await sum.innerText()).toBe(await sha256sum(join(node.folders.shared, 'red.jpg')));
    const picture = ui.dialog.getByRole('img', { name: 'Preview of red.jpg' });
    await picture.waitFor();
    await picture.evaluate((image: HTMLImageElement) => image.decode());
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    await ui.page.keyboard.press('Escape');
  });

  it('shows the kind of a file in place of a picture that is none', async () => {
    await ui.menu('not really.jpg', 'Details');
    await ui.dialog.locator('app-file-glyph').waitFor();
    expect(await ui.dialog.getByRole('img').count()).toBe(0);
    await ui.page.keyboard.press('Escape');
  });

  it('tells what is in a folder', async () => {
    await ui.menu('Notes', 'Details');
    await ui.dialog.getByTestId('details').filter({ hasText: '(5 bytes) in 1 file' }).waitFor();
    await ui.page.keyboard.press('Escape');
  });
});
