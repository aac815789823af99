import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listVisible,
  NodeGroup,
  type NodeProcess,
  pair,
  sha256sum,
  untilEntry,
  writeRandomFile,
} from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const FILM_BYTES = 3_000_000;

describeInBrowser('sending files to a peer', () => {
  const group = new NodeGroup();
  let maple: NodeProcess;
  let kim: NodeProcess;
  let atMaple: Ui;
  let atKim: Ui;

  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.start('Maple'), group.start('Kim')]);
    await writeRandomFile(join(maple.folders.shared, 'film.mp4'), FILM_BYTES);
    await writeFile(join(maple.folders.shared, 'note.txt'), 'hello');
    for (const name of ['film.mp4', 'note.txt']) await untilEntry(maple.api, name);
    await pair(maple, kim);
    atMaple = await Ui.open(maple);
    atKim = await Ui.open(kim);
    await atMaple.go('/files');
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });
  afterEach(() => expect([...atMaple.takeProblems(), ...atKim.takeProblems()]).toEqual([]));

  const request = () => atKim.page.getByTestId('offer-request');
  const outgoing = (state: string) =>
    atMaple.page.locator(`[data-testid="outgoing-offer"][data-state="${state}"]`).first();

  async function offer(message: string): Promise<void> {
    await atMaple.page.getByLabel('Select all files shown').check();
    await atMaple.button('Send to…').click();
    await atMaple.dialog.getByRole('checkbox', { name: 'Kim' }).check();
    await atMaple.dialog.getByLabel('Message (optional)').fill(message);
    await atMaple.dialog.getByRole('button', { name: 'Send to 1 device' }).click();
    await atMaple.toast('Waiting for Kim to accept').waitFor();
  }

  it('asks the other side, with the list of files', async () => {
    await offer('from the weekend');
    await request()
      .filter({ hasText: 'Maple wants to send 2 files' })
      .filter({ hasText: 'from the weekend' })
      .waitFor();
    await request().getByRole('button', { name: 'Show the files' }).click();
    const files = atKim.dialog.getByTestId('offer-file');
    await files.first().waitFor();
    expect((await files.allInnerTexts()).map((text) => text.split(/\s/)[0]).sort()).toEqual(['film.mp4', 'note.txt']);
  });

  it('sends what was accepted, and tells how far it is', async () => {
    await atKim.dialog.getByRole('button', { name: 'Accept' }).click();
    await atKim.toast(/Getting 2 files from Maple/).waitFor();
    await atMaple.toast('Kim accepted 2 files').waitFor();
    await atKim.go('/transfers');
    await atKim.page.locator('[data-testid="transfer-row"][data-state="complete"]').waitFor();
    expect(await sha256sum(join(kim.folders.received, 'film.mp4'))).toBe(
      await sha256sum(join(maple.folders.shared, 'film.mp4')),
    );
    await atMaple.go('/transfers');
    await outgoing('accepted').filter({ hasText: 'Sent' }).waitFor();
  });

  it('sends nothing that was declined', async () => {
    const before = await listVisible(kim.folders.received);
    await atMaple.go('/files');
    await offer('');
    await request().getByRole('button', { name: 'Decline' }).click();
    await atMaple.toast('Kim declined 2 files').waitFor();
    await request().waitFor({ state: 'detached' });
    expect(await listVisible(kim.folders.received)).toEqual(before);
  });

  it('takes an offer back, and the question goes away', async () => {
    await offer('oops');
    await request().waitFor();
    await atMaple.go('/transfers');
    await outgoing('waiting').getByRole('button', { name: 'Withdraw the offer to Kim' }).click();
    await request().waitFor({ state: 'detached' });
    await outgoing('withdrawn').waitFor();
  });
});
