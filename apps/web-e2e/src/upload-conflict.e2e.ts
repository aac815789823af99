import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listVisible, NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { accessibilityFaults } from './support/axe';
import { PHONE, Ui } from './support/ui';

describeInBrowser('adding a file whose name is taken', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    node = await group.start('Maple');
    await writeFile(join(node.folders.shared, 'letter.txt'), 'first');
    await untilEntry(node.api, 'letter.txt');
    ui = await Ui.open(node, PHONE);
    await ui.go('/files');
    await ui.file('letter.txt').waitFor();
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => expect(ui.takeProblems()).toEqual([]));

  const letter = (name = 'letter.txt') => readFile(join(node.folders.shared, name), 'utf8');

  /** Adds a letter and one that is in nobody's way. */
  async function add(text: string, other: string): Promise<void> {
    const buffer = (content: string) => ({ mimeType: 'text/plain', buffer: Buffer.from(content) });
    const files = [
      { name: 'Letter.txt', ...buffer(text) },
      { name: other, ...buffer(other) },
    ];
    await ui.page.getByTestId('file-input').setInputFiles(files);
    await ui.dialog.filter({ hasText: '1 file with this name is there already' }).waitFor();
  }

  async function answer(choice: string): Promise<void> {
    await ui.dialog.getByRole('radio', { name: choice }).check();
    await ui.dialog.getByRole('button', { name: 'Go on' }).click();
  }

  it('adds nothing when the user thinks better of it', async () => {
    await add('second', 'a.txt');
    expect(await accessibilityFaults(ui.page)).toEqual([]);
    await ui.dialog.getByRole('button', { name: 'Add nothing' }).click();
    await ui.dialog.waitFor({ state: 'detached' });
    expect(await listVisible(node.folders.shared)).toEqual(['letter.txt']);
  });

  it('skips it, and adds the others', async () => {
    await add('second', 'b.txt');
    await answer('Skip');
    await ui.page.getByTestId('upload-dock').getByText('1 file added, 1 skipped').waitFor();
    await ui.file('b.txt').waitFor();
    expect(await listVisible(node.folders.shared)).toEqual(['b.txt', 'letter.txt']);
    expect(await letter()).toBe('first');
  });

  it('asks over what is being added, not below it', async () => {
    await add('second', 'e.txt');
    await answer('Skip');
    await ui.page.getByTestId('upload-dock').getByText('1 skipped').waitFor();
    await add('third', 'f.txt'); // the dock still tells of the ones before
    await answer('Skip');
    await ui.file('f.txt').waitFor();
    await ui.page.getByTestId('upload-dock').getByText('1 skipped').waitFor();
  });

  it('says that a large one was skipped too', async () => {
    const large = { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.alloc(9 * 1024 * 1024, 'x') };
    await ui.page.getByTestId('file-input').setInputFiles([large]);
    await answer('Skip');
    await ui.page.getByTestId('upload-dock').getByText('1 skipped').waitFor();
    expect(await letter()).toBe('first');
  });

  it('keeps both', async () => {
    await add('second', 'c.txt');
    await answer('Keep both');
    await ui.file('c.txt').waitFor();
    await untilEntry(node.api, 'Letter (2).txt');
    await ui.file('Letter (2).txt').waitFor();
    expect(await letter()).toBe('first');
    expect(await letter('Letter (2).txt')).toBe('second');
  });

  it('replaces it, and the old one is in the trash', async () => {
    await add('third', 'd.txt');
    await answer('Replace');
    await ui.file('Letter.txt').waitFor();
    expect(await letter('Letter.txt')).toBe('third');
    await ui.go('/trash');
    await ui.page.getByTestId('trash').locator('[data-name="letter.txt"]').waitFor();
  });
});
