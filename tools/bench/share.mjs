import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { foldersIn, startLoopbackNode } from '../lib/loopback-node.mjs';
import { findProgram } from './background.mjs';
import { percentile } from './list-latency.mjs';
import { writeRandomFile } from './random-file.mjs';
import { timeCommand } from './time-command.mjs';

const ENV = { FERRY_MAX_FILE_SIZE: '0', FERRY_ALLOWED_EXTENSIONS: '*' };
const FILES_A_FOLDER = 1_000;
const POLL_MS = 50;
const QUESTIONS = 300;
const MIB = 1024 * 1024;

const secondsSince = (startedAt) => (performance.now() - startedAt) / 1000;
const rssBytes = (pid, field = 'VmRSS') =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** What the disk holds is read again from it: only root may forget what is cached. */
function dropCaches() {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

/** @returns {number} bytes a second of SHA-256 on one core, as OpenSSL measures itself */
function opensslSpeed() {
  const args = ['speed', '-mr', '-evp', 'sha256', '-bytes', String(MIB), '-seconds', '2'];
  const output = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return Number(/^\+F:\d+:[^:]*:([\d.]+)/m.exec(output)?.[1] ?? Number.NaN);
}

async function until(isTrue) {
  while (!(await isTrue())) await delay(POLL_MS);
}

/** A node of its own, with what is in its share before it starts. */
class ShareNode {
  constructor(supervisor, dir) {
    this.supervisor = supervisor;
    this.folders = foldersIn(dir);
  }

  /** @returns {Promise<number>} seconds until the node is ready: everything is listed */
  async start() {
    const startedAt = performance.now();
    this.node = await startLoopbackNode(this.supervisor, { name: 'share', folders: this.folders, env: ENV });
    return secondsSince(startedAt);
  }

  stop() {
    return this.node.stop();
  }

  get api() {
    return this.node.api;
  }

  async hashed(path) {
    await until(async () => {
      const [entry] = await this.api.list('/files', { scope: 'shared', q: basename(path) });
      return entry?.state === 'ready';
    });
  }

  async allHashed() {
    await until(async () => (await this.api.get('/status')).totals.hashingFiles === 0);
  }
}

/** One cold file, hashed by a node that finds it at its start, beside OpenSSL with that file and without any disk. */
async function measureHash(supervisor, dir, mib) {
  const share = new ShareNode(supervisor, join(dir, 'hash'));
  await share.start();
  const file = join(share.folders.shared, 'cold.bin');
  await share.stop();
  writeRandomFile(file, mib);
  const isCold = dropCaches();
  await share.start();
  const startedAt = performance.now();
  await share.hashed(file);
  const seconds = secondsSince(startedAt);
  dropCaches();
  const dgst = await timeCommand('openssl', ['dgst', '-sha256', file]);
  const [speed, rival] = [seconds, dgst].map((taken) => (mib * MIB) / taken);
  return { share, figures: { isCold, speed, rival, openssl: opensslSpeed() } };
}

/** The same folder as one zip: by the node over HTTP, and by Info-ZIP into a pipe. */
async function measureZip(share, mib) {
  const { items } = await share.api.get('/files?scope=shared&limit=10');
  const before = rssBytes(share.node.pid);
  const archive = await share.api.post('/archives', { entryIds: items.map(({ id }) => id) });
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, rssBytes(share.node.pid))), 100);
  const startedAt = performance.now();
  const { body } = await fetch(`${share.api.url}${archive.url}`);
  let bytes = 0;
  for await (const part of body) bytes += part.length;
  const seconds = secondsSince(startedAt);
  clearInterval(watch);
  if (bytes !== archive.size) throw new Error(`The zip has ${bytes} bytes, not ${archive.size}`);
  const zip = findProgram('zip');
  const script = `cd "$0" && ${zip} -0 -q -r - . | cat > /dev/null`;
  const rival = zip && (await timeCommand('/bin/sh', ['-c', script, share.folders.shared]));
  return { speed: bytes / seconds, zip: rival && (mib * MIB) / rival, grown: peak - before };
}

/** `count` files of about a hundred bytes, in folders of a thousand. */
function writeSmallFiles(folder, count) {
  for (let at = 0; at < count; at++) {
    const sub = join(folder, `folder-${Math.floor(at / FILES_A_FOLDER)}`);
    if (at % FILES_A_FOLDER === 0) mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, `file-${at}.txt`), `This is file ${at}. ${'x'.repeat(at % 100)}`);
  }
}

async function answerTimes(api, query) {
  const times = [];
  for (let at = 0; at < QUESTIONS; at++) {
    const askedAt = performance.now();
    await api.get(`/files?scope=shared&limit=100&${query(at)}`);
    times.push(performance.now() - askedAt);
  }
  return times;
}

async function measureMany(supervisor, dir, count) {
  const share = new ShareNode(supervisor, join(dir, 'many'));
  writeSmallFiles(share.folders.shared, count);
  const listed = await share.start();
  const startedAt = performance.now();
  await share.allHashed();
  const hashed = listed + secondsSince(startedAt);
  const lists = {
    'first page': await answerTimes(share.api, () => ''),
    'first page of a folder': await answerTimes(share.api, (at) => `folder=folder-${at % (count / FILES_A_FOLDER)}`),
    'first page by size': await answerTimes(share.api, () => 'sort=-size'),
    search: await answerTimes(share.api, (at) => `q=file-${at * 7}`),
  };
  const memory = rssBytes(share.node.pid);
  await share.stop();
  const restart = await share.start();
  const figures = { count, listed, hashed, restart, lists, memory };
  await share.stop();
  return figures;
}

/** What the file store can do: hashing, scanning, listing, zips. Linux only. */
export async function measureShare(supervisor, dir, { mib, files }) {
  if (process.platform !== 'linux') return undefined;
  const { share, figures: hash } = await measureHash(supervisor, dir, mib);
  const zip = await measureZip(share, mib);
  await share.stop();
  rmSync(share.folders.shared, { recursive: true });
  return { hash, zip, many: await measureMany(supervisor, dir, files), mib };
}

const mbs = (speed) => `${(speed / 1e6).toFixed(0).padStart(6)} MB/s`;

export function reportShare({ hash, zip, many, mib }) {
  const line = (name, value) => console.log(`  ${name.padEnd(40)}${value}`);
  console.log(`\nThe file store, one file of ${mib} MiB`);
  line(
    `hash it (${hash.isCold ? 'cold' : 'cached'})`,
    `${mbs(hash.speed)}   ${(hash.speed / hash.openssl).toFixed(2)} x openssl`,
  );
  line(
    'openssl dgst -sha256, the same file',
    `${mbs(hash.rival)}   ferry is ${(hash.speed / hash.rival).toFixed(2)} x`,
  );
  line('openssl speed sha256, one core', mbs(hash.openssl));
  line('zip over HTTP', `${mbs(zip.speed)}   memory grew by ${(zip.grown / 1e6).toFixed(0)} MB`);
  if (zip.zip) line('zip -0', `${mbs(zip.zip)}   ferry is ${(zip.speed / zip.zip).toFixed(2)} x`);
  console.log(`\nThe file store, ${many.count} small files`);
  line('first scan: listed / hashed', `${many.listed.toFixed(1)} s / ${many.hashed.toFixed(1)} s`);
  line('start of the node with that share', `${many.restart.toFixed(1)} s`);
  for (const [name, times] of Object.entries(many.lists)) {
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
    line(`${name}, ms`, `p50 ${p50}, p99 ${p99}`);
  }
  line('memory of the node', `${(many.memory / 1e6).toFixed(0)} MB`);
}
