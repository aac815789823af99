import { join } from 'node:path';
import {
  CountingProxy,
  freePort,
  MEBIBYTE,
  NodeGroup,
  type NodeProcess,
  sha256sum,
  writeRandomFile,
} from '@ferry/test-nodes';
import { closeBrowser, describeInBrowser } from './support/browser';
import { Ui } from './support/ui';

const FILM_BYTES = 40 * MEBIBYTE;
const SLOW = 8 * MEBIBYTE;

describeInBrowser('an upload of a large file', () => {
  const group = new NodeGroup();
  let node: NodeProcess;
  let proxy: CountingProxy;
  let ui: Ui;

  /** The browser reaches its node through a proxy that counts what is sent. */
  beforeAll(async () => {
    const port = await freePort();
    node = await group.start('Maple', { env: { FERRY_ALLOWED_HOSTS: `127.0.0.1,127.0.0.1:${port}` } });
    proxy = await CountingProxy.listen({ targetHost: '127.0.0.1', targetPort: node.ports.http, port });
    group.defer(() => proxy.close());
    ui = await Ui.open(node);
    await ui.page.goto(`http://${proxy.address}/files`);
    await ui.live();
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  const row = (state: string) => ui.page.locator(`[data-testid="upload-row"][data-state="${state}"]`);
  const untilPercent = (percent: number) =>
    ui.page.waitForFunction(
      (wanted) =>
        Number(document.querySelector('app-upload-row [role=progressbar]')?.getAttribute('aria-valuenow')) >= wanted,
      percent,
    );

  it('goes on where it was after the node was killed and started again', async () => {
    const film = join(node.folders.root, 'film.mp4');
    await writeRandomFile(film, FILM_BYTES);
    proxy.bytesPerSecond = SLOW;
    await ui.page.getByTestId('file-input').setInputFiles(film);
    await untilPercent(40);
    await node.kill();
    await node.start();
    proxy.bytesPerSecond = Infinity;
    await ui.file('film.mp4').waitFor({ timeout: 60_000 });
    expect(await sha256sum(join(node.folders.shared, 'film.mp4'))).toBe(await sha256sum(film));
    expect(proxy.toTarget).toBeLessThan(1.5 * FILM_BYTES);
  });

  it('goes on when the page was loaded again and the file is chosen again', async () => {
    const film = join(node.folders.root, 'second.mp4');
    await writeRandomFile(film, FILM_BYTES);
    const before = proxy.toTarget;
    proxy.bytesPerSecond = SLOW;
    await ui.page.getByTestId('file-input').setInputFiles(film);
    await untilPercent(40);
    await ui.page.reload();
    await ui.live();
    proxy.bytesPerSecond = Infinity;
    await ui.page.getByTestId('file-input').setInputFiles(film);
    await ui.file('second.mp4').waitFor({ timeout: 60_000 });
    expect(await sha256sum(join(node.folders.shared, 'second.mp4'))).toBe(await sha256sum(film));
    expect(proxy.toTarget - before).toBeLessThan(1.5 * FILM_BYTES);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const film = join(node.folders.root, 'third.mp4');
    await writeRandomFile(film, FILM_BYTES);
    proxy.bytesPerSecond = SLOW;
    await ui.page.getByTestId('file-input').setInputFiles(film);
    await untilPercent(20);
    const deleted = ui.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await ui.button('Cancel third.mp4').click();
    await row('cancelled').waitFor();
    proxy.bytesPerSecond = Infinity;
    expect((await deleted).status()).toBe(204);
    expect((await node.api.files('shared', 'q=third')).items).toEqual([]);
  });
});
