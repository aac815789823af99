import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MEBIBYTE,
  NodeGroup,
  type ProxiedNode,
  pair,
  untilState,
  untilEntry,
  writeRandomFile,
} from '@ferry/test-nodes';
import sharp from 'sharp';
import { accessibilityFaults } from './support/axe';
import { closeBrowser, describeInBrowser } from './support/browser';
import { picture } from './support/screenshots';
import { DESKTOP, PHONE, Ui } from './support/ui';

const SAMPLES: readonly (readonly [path: string, bytes: number])[] = [
  ['Holiday/beach at sunset.jpg', 4_300_000],
  ['Holiday/mountain hut.jpg', 3_700_000],
  ['Meeting notes.pdf', 182_000],
  ['Recipes.txt', 5_120],
  ['Concert.mp3', 9_400_000],
];

const DEEP = 'Holiday/A folder with a name of sixty characters, as people write it/صور العطلة في الجبال/Day 1';

/** At this speed it runs for as long as most of the tests, and leaves room for other requests. */
const FILM_BYTES = 160 * MEBIBYTE;
const SLOW = 2 * MEBIBYTE;

describeInBrowser('accessibility and looks', () => {
  const group = new NodeGroup();
  let maple: ProxiedNode;
  let kim: ProxiedNode;
  let peerId: string;

  /** A node with something on every page: shared and received files, an online peer, transfers in several states. */
  beforeAll(async () => {
    [maple, kim] = await Promise.all([group.startBehindProxy('Maple'), group.startBehindProxy("Kim's laptop")]);
    for (const [path, bytes] of SAMPLES) {
      await writeRandomFile(join(maple.node.folders.shared, path), bytes);
      await writeRandomFile(join(kim.node.folders.shared, path), bytes);
    }
    await mkdir(join(maple.node.folders.shared, 'Holiday/Empty'));
    await writeRandomFile(join(maple.node.folders.shared, DEEP, 'map.pdf'), 1000);
    const sun = { width: 1600, height: 900, channels: 3, background: 'orange' } as const;
    await writeFile(join(maple.node.folders.shared, 'Sunset.jpg'), await sharp({ create: sun }).jpeg().toBuffer());
    await maple.node.api.upload({ name: 'Old letter.txt', content: 'Dear Kim' });
    const letter = await untilEntry(maple.node.api, 'Old letter.txt');
    await maple.node.api.ok('DELETE', `/files/${letter.id}`);
    await writeRandomFile(join(kim.node.folders.shared, 'Summer film.mp4'), FILM_BYTES);
    await writeFile(join(kim.node.folders.shared, 'Read me.txt'), 'hello');
    await untilEntry(kim.node.api, 'Summer film.mp4');
    peerId = (await pair(kim.node, maple.node, kim.proxy.address)).inviterId;
    const { api } = maple.node;
    const { items } = await api.remoteFiles(peerId);
    const idOf = (name: string) => items.filter((entry) => entry.name === name).map((entry) => entry.id);
    const done = await api.pull(peerId, [...idOf('Concert.mp3'), ...idOf('mountain hut.jpg')]);
    await untilState(api, done.id, 'complete');
    for (const { proxy } of [maple, kim]) proxy.bytesPerSecond = SLOW;
    await api.pull(peerId, idOf('Summer film.mp4'));
    const paused = await api.pull(peerId, idOf('beach at sunset.jpg'));
    await api.pause(paused.id);
  });
  afterAll(async () => {
    await closeBrowser();
    await group.dispose();
  });

  const PAGES: readonly (readonly [string, () => string])[] = [
    ['dashboard', () => '/'],
    ['files', () => '/files'],
    ['received files', () => '/files?scope=received'],
    ['all files', () => '/files?scope=all'],
    ['folder', () => `/files?folder=${encodeURIComponent(DEEP)}`],
    ['empty folder', () => '/files?folder=Holiday/Empty'],
    ['trash', () => '/trash'],
    ['peers', () => '/peers'],
    ['files of a peer', () => `/peers/${peerId}`],
    ['folder of a peer', () => `/peers/${peerId}?folder=Holiday`],
    ['transfers', () => '/transfers'],
    ['settings', () => '/settings'],
  ];

  /** Opens each dialog from the page where it is found. */
  const DIALOGS: readonly (readonly [string, string, (ui: Ui) => Promise<void>])[] = [
    ['nearby devices', '/peers', (ui) => ui.button('Pair a device').click()],
    ['show invitation', '/peers', (ui) => pairTab(ui, 'Show invitation')],
    ['enter invitation or address', '/peers', (ui) => pairTab(ui, 'Enter invitation or address')],
    ['permissions', '/peers', (ui) => fromMenu(ui, 'Permissions')],
    ['who may see a file', '/files', (ui) => ui.button(/who may see Recipes/).click()],
    [
      'who may see many files',
      '/files',
      async (ui) => {
        await ui.page.getByLabel('Select all files shown').check();
        await ui.button(/^Who may see$/).click();
        await ui.dialog.getByRole('radio', { name: 'Chosen devices' }).check();
      },
    ],
    [
      'send files',
      '/files',
      async (ui) => {
        await ui.page.getByLabel('Select Recipes.txt').check();
        await ui.button('Send to…').click();
      },
    ],
    ['details of a picture', '/files', (ui) => detailsOf(ui, 'Sunset.jpg')],
    ['details of a folder', '/files', (ui) => detailsOf(ui, 'Holiday')],
    ['new folder', '/files', (ui) => ui.button('New folder').click()],
    [
      'rename a file',
      '/files',
      async (ui) => {
        await ui.menu('Recipes.txt', 'Rename');
        await ui.dialog.getByLabel('Name').fill('a/b');
        await ui.dialog.getByRole('button', { name: 'Rename' }).click();
        await ui.dialog.getByText('A name cannot have a / in it.').waitFor();
      },
    ],
    ['empty the trash', '/trash', (ui) => ui.button('Empty trash').click()],
    ['add by address', '/peers', (ui) => ui.button('Add address').click()],
    ['test connection', '/peers', (ui) => ui.button('Test connection').click()],
    ['rename', '/peers', (ui) => fromMenu(ui, 'Rename')],
    ['unpair', '/peers', (ui) => fromMenu(ui, 'Unpair')],
    ['shortcuts', '/', (ui) => ui.page.keyboard.press('?')],
  ];

  async function detailsOf(ui: Ui, name: string): Promise<void> {
    await ui.menu(name, 'Details');
    await ui.dialog.getByTestId('details').waitFor();
  }

  async function pairTab(ui: Ui, name: string): Promise<void> {
    await ui.button('Pair a device').click();
    await ui.dialog.getByRole('tab', { name }).click();
  }

  async function fromMenu(ui: Ui, item: string): Promise<void> {
    await ui.button(/^More for /).click();
    await ui.page.getByRole('button', { name: item }).last().click();
  }

  describe.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const)('on a %s', (device, viewport) => {
    let ui: Ui;

    beforeAll(async () => {
      ui = await Ui.open(maple.node, viewport);
    });
    afterEach(() => expect(ui.takeProblems()).toEqual([]));

    async function chooseTheme(theme: string): Promise<void> {
      await ui.page.evaluate((choice) => localStorage.setItem('ferry.theme', choice), theme);
    }

    /** Nothing is cut off or needs scrolling sideways. */
    async function expectFits(): Promise<void> {
      const { scrollWidth, clientWidth } = await ui.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    }

    describe.each(['dark', 'light'])('in the %s theme', (theme) => {
      it.each(PAGES)('has no fault on the page %s', async (name, path) => {
        await chooseTheme(theme);
        await ui.go(path());
        await ui.page.getByRole('heading', { level: 1 }).waitFor();
        await ui.page.locator('app-skeleton-rows').first().waitFor({ state: 'detached' });
        expect(await accessibilityFaults(ui.page)).toEqual([]);
        await expectFits();
        if (theme === 'dark' && device === 'desktop' && ['dashboard', 'files', 'peers', 'transfers'].includes(name)) {
          await picture(ui.page, name);
        }
      });

      it.each(DIALOGS)('has no fault in the dialog %s', async (_name, path, open) => {
        await chooseTheme(theme);
        await ui.go(path);
        await open(ui);
        await ui.dialog.or(ui.alertDialog).waitFor();
        expect(await accessibilityFaults(ui.page)).toEqual([]);
        await expectFits();
        await ui.page.keyboard.press('Escape');
        await ui.dialog.or(ui.alertDialog).waitFor({ state: 'detached' });
      });
    });
  });
});
