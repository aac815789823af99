// npm run bench: pulls a file between two nodes on this machine, and fetches the same file with other programs in the same run;
// then how long a small question takes beside a pull, what the file store does with one large file and with many small ones, and
// what sessions cost in memory (Linux). `npm run bench -- share` runs one part alone: transfers, share or sessions.
// BENCH_MIB (1024): size of the file. BENCH_RUNS (3): runs, each with a new file; medians are printed.
// BENCH_HASH_MIB (2048): size of the file that is hashed and zipped. BENCH_FILES (100000): small files in the share.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './bench/background.mjs';
import { FerryPair } from './bench/ferry.mjs';
import { listLatencies, percentile } from './bench/list-latency.mjs';
import { median } from './bench/medians.mjs';
import { curlFromNginx } from './bench/nginx.mjs';
import { writeRandomFile } from './bench/random-file.mjs';
import { scp } from './bench/scp.mjs';
import { sessionMemory } from './bench/session-memory.mjs';
import { measureShare, reportShare } from './bench/share.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { runTool } from './lib/run-tool.mjs';
import { Supervisor } from './lib/supervisor.mjs';

const MIB = 1024 * 1024;
const IDLE_SAMPLING_MS = 2_000;

function positive(name, usual) {
  const value = Number(process.env[name] ?? usual);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1 on.`);
  return value;
}

async function startRivals(supervisor, dir, shared) {
  const rivals = [];
  for (const rival of [scp, curlFromNginx]) {
    const missing = rival.needs.filter((name) => !findProgram(name));
    if (missing.length > 0) {
      console.log(`Skipped: ${rival.name} (not installed: ${missing.join(', ')})`);
      continue;
    }
    const server = await rival.start(join(dir, rival.needs[0]), shared);
    supervisor.afterwards(() => server.stop());
    rivals.push({ name: rival.name, fetch: server.fetch, seconds: [] });
  }
  return rivals;
}

async function measure({ ferry, rivals, dir, mib, runs }) {
  const seconds = [];
  for (let run = 1; run <= runs; run++) {
    const file = join(dir, 'sender/shared', `run-${run}.bin`);
    const target = join(dir, 'fetched.bin');
    writeRandomFile(file, mib);
    await ferry.waitUntilShared(file);
    seconds.push(await ferry.pull(file));
    rmSync(join(dir, 'receiver/received', `run-${run}.bin`));
    for (const rival of rivals) {
      rival.seconds.push(await rival.fetch(file, target));
      rmSync(target);
    }
    rmSync(file);
    console.log(`Run ${run} of ${runs} done`);
  }
  return seconds;
}

/** How long a small question takes while nothing happens, and while a file of `mib` MiB is pulled from the device that answers. */
async function measureLatency({ ferry, dir, mib }) {
  const idle = await listLatencies(ferry, AbortSignal.timeout(IDLE_SAMPLING_MS));
  const file = join(dir, 'sender/shared', 'latency.bin');
  writeRandomFile(file, mib);
  await ferry.waitUntilShared(file);
  const done = new AbortController();
  const [busy] = await Promise.all([listLatencies(ferry, done.signal), ferry.pull(file).finally(() => done.abort())]);
  return { idle, busy };
}

const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

function reportLatency(latencies) {
  console.log('\nOne entry of the remote list (HTTP and files.list), ms');
  for (const [when, times] of Object.entries(latencies)) {
    const [p50, p99, worst] = [0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(1));
    const name = when === 'idle' ? 'idle' : 'during a pull';
    console.log(`  ${name.padEnd(34)}p50 ${p50}, p99 ${p99}, worst ${worst} (${times.length} questions)`);
  }
}

function reportMemory(figures) {
  console.log('\nMemory of a node beyond the idle one');
  for (const { what, bytes } of figures) console.log(`  ${what.padEnd(56)}${(bytes / 1e6).toFixed(1).padStart(6)} MB`);
}

function report({ seconds, rivals, ferry, mib, runs }) {
  const speed = (times) => (mib * MIB) / 1e6 / median(times);
  const own = speed(seconds);
  console.log(`\n${mib} MiB over loopback, medians of ${runs} runs`);
  console.log(`  ${'ferry (verified, synced to disk)'.padEnd(34)}${own.toFixed(0).padStart(6)} MB/s`);
  for (const rival of rivals) {
    const theirs = speed(rival.seconds);
    console.log(
      `  ${rival.name.padEnd(34)}${theirs.toFixed(0).padStart(6)} MB/s   ferry is ${(own / theirs).toFixed(2)} x`,
    );
  }
  const { sender, receiver } = ferry.peakMemory();
  if (sender && receiver) console.log(`  peak memory: sender ${megabytes(sender)}, receiver ${megabytes(receiver)}`);
}

async function benchTransfers(supervisor, dir) {
  const mib = positive('BENCH_MIB', 1024);
  const runs = positive('BENCH_RUNS', 3);
  const ferry = await FerryPair.start(supervisor, dir);
  if (!ferry) return;
  const rivals = await startRivals(supervisor, dir, join(dir, 'sender/shared'));
  const seconds = await measure({ ferry, rivals, dir, mib, runs });
  const latencies = await measureLatency({ ferry, dir, mib });
  report({ seconds, rivals, ferry, mib, runs });
  reportLatency(latencies);
}

async function benchShare(supervisor, dir) {
  const sizes = { mib: positive('BENCH_HASH_MIB', 2048), files: positive('BENCH_FILES', 100_000) };
  const figures = await measureShare(supervisor, dir, sizes);
  if (figures) reportShare(figures);
}

async function benchSessions(supervisor, dir) {
  const figures = await sessionMemory(supervisor, dir);
  if (figures) reportMemory(figures);
}

const PARTS = { transfers: benchTransfers, share: benchShare, sessions: benchSessions };

async function runPart(part) {
  const dir = mkdtempSync(join(tmpdir(), 'ferry-bench-'));
  const supervisor = new Supervisor();
  supervisor.afterwards(() => rmSync(dir, { recursive: true, force: true }));
  try {
    await part(supervisor, dir);
  } finally {
    await supervisor.stop();
  }
}

await runTool(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`);
  await ensureBuilt();
  for (const [name, part] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) await runPart(part);
});
