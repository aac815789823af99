import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree, NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const NAMES = ['one.txt', 'two.txt', 'three.txt'] as const;

describeInBrowser('the trash', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let ui: Ui;

  /** Three files and a folder of two, all deleted. */
  beforeAll(async () => {
    node = await group.start('Maple');
    await mkdir(join(node.folders.shared, 'Old'));
    const paths = [...NAMES, 'Old/a.txt', 'Old/b.txt'];
    for (const path of paths) await writeFile(join(node.folders.shared, path), path);
    for (const path of paths) await untilEntry(node.api, path);
    const { items } = await node.api.files('shared', 'folder=');
    for (const { id } of items) await node.api.ok('DELETE', `/files/${id}`);
    ui = await Ui.open(node);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => expect(ui.takeProblems()).toEqual([]));

  const item = (name: string) => ui.page.getByTestId('trash').locator(`[data-name="${name}"]`);

  it('is found from the list of files, and tells how long it keeps things', async () => {
    await ui.go('/files');
    await ui.page.getByRole('link', { name: 'Trash' }).click();
    await ui.page.getByRole('heading', { level: 1, name: 'Trash' }).waitFor();
    for (const name of [...NAMES, 'Old']) await item(name).waitFor();
    expect(await item('one.txt').innerText()).toMatch(/7 bytes|7 B/);
    expect(await item('one.txt').innerText()).toMatch(/erased in \d+ days/);
  });

  it('gives back a folder with what was in it', async () => {
    await item('Old').getByRole('button', { name: 'Restore Old' }).click();
    await ui.toast('Brought back “Old”').waitFor();
    await item('Old').waitFor({ state: 'detached' });
    expect(await visible()).toEqual(['Old/', 'Old/a.txt', 'Old/b.txt']);
  });

  it('erases one thing for good, after a question', async () => {
    await ui.button('Erase one.txt').click();
    await ui.alertDialog.getByRole('button', { name: 'Cancel' }).click();
    await item('one.txt').waitFor();
    await ui.button('Erase one.txt').click();
    await ui.alertDialog.filter({ hasText: 'It cannot be undone' }).getByRole('button', { name: 'Erase' }).click();
    await item('one.txt').waitFor({ state: 'detached' });
    await item('two.txt').waitFor();
  });

  it('shows what is deleted meanwhile, without a reload', async () => {
    const { items } = await node.api.files('shared', 'folder=Old');
    const a = items.find(({ name }) => name === 'a.txt');
    await node.api.ok('DELETE', `/files/${a?.id}`);
    await item('a.txt').waitFor();
  });

  it('is emptied, after a question', async () => {
    await ui.button('Empty trash').click();
    await ui.alertDialog.filter({ hasText: '3 items' }).getByRole('button', { name: 'Erase all' }).click();
    await ui.page.getByTestId('empty-state').filter({ hasText: 'The trash is empty' }).waitFor();
    const inTrash = (await listTree(node.folders.shared)).filter((path) => /^\.ferry-trash\/./.test(path));
    expect(inTrash).toEqual([]);
    expect(await visible()).toEqual(['Old/', 'Old/b.txt']);
  });

  async function visible(): Promise<string[]> {
    return (await listTree(node.folders.shared)).filter((path) => !path.startsWith('.'));
  }
});
