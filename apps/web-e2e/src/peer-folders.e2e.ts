import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree, NodeGroup, type NodeProcess, pair, sha256sum, untilEntry } from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const FILES = ['Holiday/plan.txt', 'Holiday/Day 1/beach.txt', 'Holiday/Day 1/Photos/sun.txt'];

describeInBrowser('folders of a peer', () => {
  const group = new NodeGroup();
  let maple: NodeProcess;
  let kim: NodeProcess;
  let ui: Ui;

  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.start('Maple'), group.start('Kim')]);
    await mkdir(join(maple.folders.shared, 'Holiday/Day 1/Photos'), { recursive: true });
    await mkdir(join(maple.folders.shared, 'Holiday/Empty'));
    for (const path of FILES) await writeFile(join(maple.folders.shared, path), path);
    for (const path of FILES) await untilEntry(maple.api, path);
    await pair(maple, kim);
    ui = await Ui.open(kim);
    await ui.go('/peers');
    await ui.page.getByRole('link', { name: 'Browse files of Maple' }).click();
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => expect(ui.takeProblems()).toEqual([]));

  const open = (name: string) => ui.remoteFile(name).getByRole('link', { name, exact: true }).click();

  it('are browsed like those of this device', async () => {
    await open('Holiday');
    await ui.remoteFile('plan.txt').waitFor();
    await open('Day 1');
    await ui.remoteFile('beach.txt').waitFor();
    const crumbs = ui.page.getByTestId('breadcrumbs');
    expect(await crumbs.getByRole('listitem').allInnerTexts()).toEqual(['Maple', 'Holiday', 'Day 1']);
    await crumbs.getByRole('link', { name: 'Maple' }).click();
    await ui.remoteFile('Holiday').waitFor();
  });

  it('are got with all that is in them, empty folders too', async () => {
    await ui.remoteFile('Holiday').getByRole('button', { name: 'Get Holiday' }).click();
    await ui.toast('Getting “Holiday” from Maple').waitFor();
    await ui.go('/transfers');
    await ui.page.locator('[data-testid="transfer-row"][data-state="complete"]').waitFor();
    for (const path of FILES) {
      const [sent, got] = [join(maple.folders.shared, path), join(kim.folders.received, path)];
      expect(await sha256sum(got)).toBe(await sha256sum(sent));
    }
    expect(await listTree(kim.folders.received)).toContain('Holiday/Empty/');
  });

  it('stand among the received files as folders', async () => {
    await ui.go('/files?scope=received');
    await ui.file('Holiday').getByRole('link', { name: 'Holiday', exact: true }).click();
    await ui.file('plan.txt').waitFor();
    await ui.file('Empty').waitFor();
  });
});
