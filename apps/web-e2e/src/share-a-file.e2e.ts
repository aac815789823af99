import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listVisible,
  MEBIBYTE,
  NodeGroup,
  type ProxiedNode,
  sha256sum,
  throughAddress,
  writeRandomFile,
} from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { dropFile } from './support/drop-file';
import { Ui } from './support/ui';

const FILM_BYTES = 40 * MEBIBYTE;
const SLOW = 4 * MEBIBYTE;
const PHOTO = Buffer.from('not really a photo, but twelve words are enough for this test');

describeInBrowser('sharing a file between two browsers', () => {
  const group = new NodeGroup();
  let maple: ProxiedNode;
  let kim: ProxiedNode;
  let atMaple: Ui;
  let atKim: Ui;

  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.startBehindProxy('Maple'), group.startBehindProxy('Kim')]);
    atMaple = await Ui.open(maple.node);
    atKim = await Ui.open(kim.node);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  afterEach(() => {
    expect(atMaple.takeProblems()).toEqual([]);
    expect(atKim.takeProblems()).toEqual([]);
  });

  it('says what to do when nothing is shared yet', async () => {
    await atMaple.go('/files');
    await atMaple.page.getByTestId('empty-state').filter({ hasText: 'Nothing shared yet' }).waitFor();
  });

  it('uploads by the file dialog', async () => {
    const photo = join(maple.node.folders.root, 'photo.jpg');
    await writeFile(photo, PHOTO);
    const chooser = atMaple.page.waitForEvent('filechooser');
    await atMaple.button('Choose files').click();
    await (await chooser).setFiles(photo);
    await atMaple.file('photo.jpg').waitFor();
    expect(await sha256sum(join(maple.node.folders.shared, 'photo.jpg'))).toBe(
      createHash('sha256').update(PHOTO).digest('hex'),
    );
  });

  it('uploads what is dropped anywhere', async () => {
    await dropFile(atMaple.page, 'dropped.txt', 'dropped');
    await atMaple.file('dropped.txt').waitFor();
    expect(await listVisible(maple.node.folders.shared)).toEqual(['dropped.txt', 'photo.jpg']);
  });

  it('pairs: the invitation is copied from one browser and pasted into the other', async () => {
    await atMaple.go('/peers');
    await atMaple.button('Pair a device').click();
    await atMaple.dialog.getByRole('tab', { name: 'Show invitation' }).click();
    const uri = await atMaple.dialog.getByTestId('invitation-uri').inputValue();
    await atMaple.dialog.getByTestId('qr').waitFor();

    await atKim.go('/peers');
    await atKim.button('Pair a device').click();
    await atKim.dialog.getByRole('tab', { name: 'Enter invitation or address' }).click();
    await atKim.dialog
      .getByLabel('Invitation or address of the other device')
      .fill(throughAddress(uri, maple.proxy.address));
    await atKim.dialog.getByRole('button', { name: 'Pair', exact: true }).click();
    await atKim.toast('Paired with Maple').waitFor();
    await atKim.page.locator('[data-testid="peer-card"][data-state="online"]').filter({ hasText: 'Maple' }).waitFor();
    await atMaple.dialog.getByTestId('paired').waitFor();
    await atMaple.dialog.getByRole('button', { name: 'Done' }).click();
    await atMaple.page.locator('[data-testid="peer-card"][data-state="online"]').filter({ hasText: 'Kim' }).waitFor();
  });

  it('shows what the peer shares, gets a file, and shows it complete', async () => {
    await atKim.page.getByRole('link', { name: 'Browse files of Maple' }).click();
    await atKim.remoteFile('photo.jpg').getByRole('button', { name: 'Get photo.jpg' }).click();
    await atKim.toast(/photo\.jpg/).waitFor();
    await atKim.go('/transfers');
    await atKim.transfer('photo.jpg', 'Complete').waitFor();
    await atKim.go('/files?scope=received');
    await atKim.file('photo.jpg').waitFor();
    const [sent, got] = [maple.node.folders.shared, kim.node.folders.received];
    expect(await sha256sum(join(got, 'photo.jpg'))).toBe(await sha256sum(join(sent, 'photo.jpg')));
  });

  it('shows a file that was put into the other share by hand, without a reload', async () => {
    await atKim.go('/peers');
    await atKim.page.getByRole('link', { name: 'Browse files of Maple' }).click();
    await atKim.remoteFile('photo.jpg').waitFor();
    await writeRandomFile(join(maple.node.folders.shared, 'film.mp4'), FILM_BYTES);
    await atKim.remoteFile('film.mp4').waitFor();
  });

  it('pauses and resumes a running transfer', async () => {
    for (const { proxy } of [maple, kim]) proxy.bytesPerSecond = SLOW;
    await atKim.remoteFile('film.mp4').getByRole('button', { name: 'Get film.mp4' }).click();
    await atKim.go('/transfers');
    await atKim.transfer('film.mp4', 'Running').waitFor();
    await atKim
      .transfer('film.mp4')
      .getByTestId('transfer-speed')
      .filter({ hasText: /MB|MiB|kB|KiB/ })
      .waitFor();
    await atKim.page.getByRole('progressbar', { name: 'Progress of film.mp4' }).waitFor();
    await atKim.button('Pause film.mp4').click();
    await atKim.transfer('film.mp4', 'Paused').waitFor();
    for (const { proxy } of [maple, kim]) proxy.bytesPerSecond = Infinity;
    await atKim.button('Resume film.mp4').click();
    await atKim.transfer('film.mp4', 'Complete').waitFor();
    const [sent, got] = [maple.node.folders.shared, kim.node.folders.received];
    expect(await sha256sum(join(got, 'film.mp4'))).toBe(await sha256sum(join(sent, 'film.mp4')));
  });

  it('downloads a received file to the browser, whole', async () => {
    await atKim.go('/files?scope=received');
    const download = atKim.page.waitForEvent('download');
    await atKim.file('film.mp4').getByRole('link', { name: 'Download film.mp4' }).click();
    const path = await (await download).path();
    expect(await sha256sum(path)).toBe(await sha256sum(join(kim.node.folders.received, 'film.mp4')));
  });

  it('deletes a file, and brings it back', async () => {
    await atMaple.go('/files');
    await atMaple.button('Delete dropped.txt').click();
    const toast = atMaple.toast('Deleted “dropped.txt”');
    await toast.waitFor();
    await atMaple.file('dropped.txt').waitFor({ state: 'detached' });
    expect(await listVisible(maple.node.folders.shared)).not.toContain('dropped.txt');
    await toast.getByRole('button', { name: 'Undo' }).click();
    await atMaple.file('dropped.txt').waitFor();
    expect(await listVisible(maple.node.folders.shared)).toContain('dropped.txt');
  });
});
