import type { NodeProcess } from '@ferry/test-nodes';
import type { Locator, Page } from 'playwright-core';
import { openContext, type Viewport } from './browser';

export const DESKTOP: Viewport = { width: 1280, height: 800 };
export const PHONE: Viewport = { width: 360, height: 640 };

const WAIT_MS = 15_000;
/** More than any page of the tests has places for the focus. */
const MAX_TABS = 80;

/** One user's browser on one node; notes everything that went wrong in the page. */
export class Ui {
  private readonly problems: string[] = [];

  private constructor(
    readonly node: NodeProcess,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`error: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // Leaving a page ends its requests; that is no failure.
      if (reason !== 'net::ERR_ABORTED') this.problems.push(`request: ${request.method()} ${request.url()} ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`answer: ${response.status()} ${response.url()}`);
    });
  }

  static async open(node: NodeProcess, viewport = DESKTOP): Promise<Ui> {
    const context = await openContext(viewport);
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const ui = new Ui(node, page);
    await ui.go('/');
    return ui;
  }

  /** Opens a page of the UI and waits until its live events flow. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.node.api.origin}${path}`);
    await this.live();
  }

  /** Resolves when the page says that it is connected to its node. */
  async live(): Promise<void> {
    await this.liveState.filter({ hasText: 'Live' }).waitFor();
  }

  get liveState(): Locator {
    return this.page.getByTestId('live-state').filter({ visible: true }).first();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).filter({ visible: true }).first();
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  get alertDialog(): Locator {
    return this.page.getByRole('alertdialog');
  }

  /** Chooses something from the menu of a row. */
  async menu(row: string, item: string): Promise<void> {
    await this.button(`More for ${row}`).click();
    await this.page.locator('.dropdown-menu.show').getByRole('button', { name: item, exact: true }).click();
  }

  /** Presses Tab until the focus is there, as a user without a mouse. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < MAX_TABS; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`no way to ${String(target)} by Tab`);
  }

  /** The names in the list of files, in its order. */
  async names(): Promise<(string | null)[]> {
    const rows = await this.page.getByTestId('file-row').all();
    return Promise.all(rows.map((row) => row.getAttribute('data-name')));
  }

  /** The row of a file in the list of this node's files. */
  file(name: string): Locator {
    return this.page.locator(`[data-testid="file-row"][data-name="${name}"]`);
  }

  /** The row of a file in the list of a peer's files. */
  remoteFile(name: string): Locator {
    return this.page.locator(`[data-testid="remote-file-row"][data-name="${name}"]`);
  }

  /** The row of a transfer, optionally in one state. */
  transfer(name: string, state?: string): Locator {
    const row = this.page.getByTestId('transfer-row').filter({ hasText: name });
    return state === undefined
      ? row.first()
      : row.filter({ has: this.page.getByTestId('transfer-state').filter({ hasText: state }) }).first();
  }

  toast(text: string | RegExp): Locator {
    return this.page.getByTestId('toast').filter({ hasText: text }).first();
  }

  /** What went wrong in the page since the last call. */
  takeProblems(): string[] {
    return this.problems.splice(0);
  }
}
