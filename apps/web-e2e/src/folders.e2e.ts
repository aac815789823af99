import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree, listVisible, NodeGroup, type NodeProcess, untilEntry } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { dropFile } from './support/drop-file';
import { Ui } from './support/ui';

describeInBrowser('folders of the share', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    node = await group.start('Maple');
    await mkdir(inShare('Holiday/Day 1'), { recursive: true });
    for (const path of ['Holiday/Day 1/beach.txt', 'Holiday/plan.txt', 'top.txt']) {
      await writeFile(inShare(path), `this is ${path}`);
      await untilEntry(node.api, path);
    }
    ui = await Ui.open(node);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => {
    const unexpected = ui.takeProblems().filter((one) => !/^(answer: 409|console: Failed to load resource)/.test(one));
    expect(unexpected).toEqual([]);
  });

  const inShare = (path: string) => join(node.folders.shared, path);
  const crumbs = () => ui.page.getByTestId('breadcrumbs');

  async function openFolder(name: string): Promise<void> {
    await ui.file(name).getByRole('link', { name, exact: true }).click();
    await crumbs().locator('[aria-current]').filter({ hasText: name }).waitFor();
  }

  async function nameIt(name: string, verb: string): Promise<void> {
    await ui.dialog.getByLabel('Name').fill(name);
    await ui.dialog.getByRole('button', { name: verb }).click();
  }

  it('are opened by their name, and left by the breadcrumbs and the back button', async () => {
    await ui.go('/files');
    await ui.file('top.txt').waitFor();
    expect(await ui.names()).toEqual(['Holiday', 'top.txt']);
    await openFolder('Holiday');
    await openFolder('Day 1');
    await ui.file('beach.txt').waitFor();
    expect(await ui.names()).toEqual(['beach.txt']);
    expect(await crumbs().getByRole('listitem').allInnerTexts()).toEqual(['Shared', 'Holiday', 'Day 1']);
    await crumbs().getByRole('link', { name: 'Holiday' }).click();
    await ui.file('plan.txt').waitFor();
    await ui.page.goBack();
    await ui.file('beach.txt').waitFor();
  });

  it('are opened by a double click on their row', async () => {
    await ui.go('/files');
    await ui.file('Holiday').getByRole('cell').nth(2).dblclick();
    await ui.file('plan.txt').waitFor();
  });

  it('are made where the user is', async () => {
    await ui.go('/files?folder=Holiday');
    await ui.button('New folder').click();
    await nameIt('Day 2', 'Make folder');
    await ui.file('Day 2').waitFor();
    expect((await stat(inShare('Holiday/Day 2'))).isDirectory()).toBe(true);
    await openFolder('Day 2');
    await ui.page.getByText('This folder is empty').waitFor();
  });

  it('are not renamed to a name that is taken, and the dialog says so', async () => {
    await ui.go('/files?folder=Holiday');
    await ui.menu('plan.txt', 'Rename');
    await nameIt('Day 1', 'Rename');
    const words = ui.dialog.getByRole('alert').filter({ hasText: /\S/ });
    await words.waitFor();
    expect(await words.innerText()).toMatch(/Day 1.*(taken|exists|already)|(taken|exists|already).*Day 1/i);
    await ui.page.keyboard.press('Escape');
    expect(await listVisible(node.folders.shared)).toContain('Holiday/plan.txt');
  });

  it('are renamed, and so are files', async () => {
    await ui.go('/files?folder=Holiday');
    await ui.menu('plan.txt', 'Rename');
    await nameIt('our plan.txt', 'Rename');
    await ui.file('our plan.txt').waitFor();
    await ui.menu('Day 1', 'Rename');
    await nameIt('First day', 'Rename');
    await ui.file('First day').waitFor();
    expect(await listVisible(node.folders.shared)).toEqual([
      'Holiday/First day/beach.txt',
      'Holiday/our plan.txt',
      'top.txt',
    ]);
    await openFolder('First day');
    await ui.file('beach.txt').waitFor();
  });

  it('take what is added while they are open, and say so before', async () => {
    await ui.go('/files?folder=Holiday');
    await ui.file('our plan.txt').waitFor();
    await dropFile(ui.page, 'dropped.txt', 'dropped', () =>
      ui.page.getByTestId('drop-overlay').filter({ hasText: 'Drop into “Holiday”' }).waitFor(),
    );
    await ui.file('dropped.txt').waitFor();
    expect(await listVisible(node.folders.shared)).toContain('Holiday/dropped.txt');
  });

  it('are uploaded with all that is in them, below the open one', async () => {
    const album = join(node.folders.root, 'Album');
    await mkdir(join(album, 'raw'), { recursive: true });
    await writeFile(join(album, 'cover.txt'), 'cover');
    await writeFile(join(album, 'raw', 'one.txt'), 'one');
    await ui.go('/files?folder=Holiday');
    await ui.page.getByTestId('folder-input').setInputFiles(album);
    await openFolder('Album');
    await ui.file('cover.txt').waitFor();
    await openFolder('raw');
    await ui.file('one.txt').waitFor();
    const files = await listVisible(node.folders.shared);
    expect(files).toEqual(expect.arrayContaining(['Holiday/Album/cover.txt', 'Holiday/Album/raw/one.txt']));
  });

  it('are deleted with all that is in them, and brought back whole', async () => {
    const before = await visibleTree();
    await ui.go('/files');
    await ui.button('Delete Holiday').click();
    await ui.file('Holiday').waitFor({ state: 'detached' });
    expect(await listVisible(node.folders.shared)).toEqual(['top.txt']);
    await ui.toast('Deleted “Holiday”').getByRole('button', { name: 'Undo' }).click();
    await ui.file('Holiday').waitFor();
    expect(await visibleTree()).toEqual(before);
    await openFolder('Holiday');
    await ui.file('our plan.txt').waitFor();
  });

  it('and files are deleted many at a time, and come back with one Undo', async () => {
    const before = await visibleTree();
    await ui.go('/files');
    await ui.file('top.txt').waitFor();
    await ui.page.getByLabel('Select all files shown').check();
    await ui.page.getByTestId('selection').filter({ hasText: '2 items selected' }).waitFor();
    await ui.page.getByLabel('Selected files').getByRole('button', { name: 'Delete' }).click();
    await ui.page.getByText('Nothing shared yet').waitFor();
    await ui.toast('Deleted 2 items').getByRole('button', { name: 'Undo' }).click();
    await ui.file('top.txt').waitFor();
    await ui.file('Holiday').waitFor();
    expect(await visibleTree()).toEqual(before);
  });

  it('need no mouse: open, rename, delete, undo', async () => {
    const { keyboard } = ui.page;
    await ui.go('/files');
    await ui.tabTo(ui.file('Holiday').getByRole('link', { name: 'Holiday', exact: true }));
    await keyboard.press('Enter');
    await ui.tabTo(ui.button('More for our plan.txt'));
    await keyboard.press('Enter');
    await keyboard.press('ArrowDown');
    await ui.tabTo(ui.page.locator('.dropdown-menu.show').getByRole('button', { name: 'Rename' }));
    await keyboard.press('Enter');
    await ui.dialog.getByLabel('Name').waitFor();
    await keyboard.type('the plan'); // its ending is not selected
    await keyboard.press('Enter');
    await ui.file('the plan.txt').waitFor();
    await ui.tabTo(ui.button('Delete the plan.txt'));
    await keyboard.press('Enter');
    await ui.tabTo(ui.toast('Deleted “the plan.txt”').getByRole('button', { name: 'Undo' }));
    await keyboard.press('Enter');
    await ui.toast('Brought back').waitFor();
    await ui.file('the plan.txt').waitFor();
    expect(await listVisible(node.folders.shared)).toContain('Holiday/the plan.txt');
  });

  /** Files and folders, empty ones too. */
  async function visibleTree(): Promise<string[]> {
    return (await listTree(node.folders.shared)).filter((path) => !path.startsWith('.'));
  }
});
