import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, NodeGroup, type NodeProcess, pair } from '@ferry/test-nodes';
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
    await ui.dialog.getByText('Enter invitation', { exact: true }).click();
    await ui.dialog.getByLabel('Invitation of the other device').fill(text);
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
    await ui.button('Add by address').click();
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
});
