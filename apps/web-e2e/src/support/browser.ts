import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE } from '@ferry/test-nodes';
import { type BrowserContext, chromium } from 'playwright-core';

/** What `tools/chromium.mjs` prints. */
interface FoundBrowser {
  readonly executablePath?: string;
  readonly libs?: string;
  readonly fonts?: string;
  readonly why: string;
}

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const found = JSON.parse(
  execFileSync(process.execPath, [join(WORKSPACE, 'tools/chromium.mjs')], { encoding: 'utf8' }),
) as FoundBrowser;

/** `describe` where there is a browser, else a skip that cannot be missed. */
export const describeInBrowser = found.executablePath === undefined ? skipLoudly() : describe;

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A new browser with an empty profile of its own. */
export async function openBrowser(viewport: Viewport): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'ferry-browser-'));
  const isRoot = process.getuid?.() === 0;
  return chromium.launchPersistentContext(profile, {
    executablePath: found.executablePath,
    args: [...QUIET, ...(isRoot ? ['--no-sandbox'] : [])],
    env: {
      ...definedEnv(),
      ...(found.libs !== undefined && { LD_LIBRARY_PATH: found.libs }),
      ...(found.fonts !== undefined && { FONTCONFIG_PATH: found.fonts }),
    },
    viewport,
    acceptDownloads: true,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  });
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function skipLoudly(): typeof describe.skip {
  const line = '='.repeat(78);
  process.stderr.write(
    `\n${line}\nNO BROWSER: the tests of the web UI are SKIPPED (${found.why}).\n` +
      `Install Chromium or Chrome, or set CHROME_PATH, and run them again.\n${line}\n\n`,
  );
  return describe.skip;
}
