import { join } from 'node:path';
import { WORKSPACE } from '@ferry/test-nodes';
import type { Page } from 'playwright-core';

/** Takes a README picture, only when asked for: `UPDATE_SCREENSHOTS=1`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  await page.screenshot({ path: join(WORKSPACE, 'docs/images', `${name}.png`), animations: 'disabled', caret: 'hide' });
}
