import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '@ferry/test-nodes';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

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

let browser: Promise<Browser> | undefined;

/** A window with an empty profile of its own, in the one browser of this test file. */
export async function openContext(viewport: Viewport): Promise<BrowserContext> {
  browser ??= launch();
  return (await browser).newContext({
    viewport,
    acceptDownloads: true,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  });
}

/** Ends the browser with all its windows. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

function launch(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: found.executablePath,
    args: [...QUIET, ...(isRoot ? ['--no-sandbox'] : [])],
    env: {
      ...definedEnv(),
      ...(found.libs !== undefined && { LD_LIBRARY_PATH: found.libs }),
      ...(found.fonts !== undefined && { FONTCONFIG_FILE: fontConfig(found.fonts) }),
    },
  });
}

/** The packaged browser's own list of font folders is for another place, and it dies when it finds no font at all. */
function fontConfig(fonts: string): string {
  const file = join(fonts, 'here.conf');
  const folders = [join(fonts, 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`).join('');
  const cache = `<cachedir>${join(fonts, 'cache')}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${folders}${cache}</fontconfig>`);
  return file;
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
