import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ImageWorker } from './image-worker';
import { ImageWorkers } from './image-workers';
import { MAX_IMAGE_PROCESSES, MAX_WAITING_IMAGES } from './limits';

const bytes = (text: string) => () => Readable.from([Buffer.from(text)]);

/** Does what the image says. */
const PROGRAM = `
  let text = '';
  process.on('message', ({ type, bytes }) => {
    if (type === 'part') text += bytes;
    if (type !== 'make') return;
    const said = text;
    text = '';
    if (said === 'crash') process.abort();
    if (said === 'hang') for (;;);
    if (said === 'hold') return;
    if (said === 'unusable') return process.send({ type: 'unusable', reason: 'no such library', isSpent: false });
    process.send({ type: 'made', bytes: Buffer.from(said + ' ' + process.pid), isSpent: said === 'greedy' });
  });
  process.on('disconnect', () => process.exit());
`;

describe('ImageWorkers', () => {
  let folder: string;
  let workers: ImageWorkers;
  let started: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferry-images-'));
    await writeFile(join(folder, 'program.js'), PROGRAM);
    started = 0;
    const start = () => {
      started += 1;
      return ImageWorker.start(join(folder, 'program.js'));
    };
    workers = new ImageWorkers({ start, timeoutMs: 1_000 });
  });
  afterEach(async () => {
    workers.close();
    await rm(folder, { recursive: true });
  });

  async function made(text: string): Promise<string> {
    const outcome = await workers.make(bytes(text), 64);
    return outcome?.type === 'made' ? Buffer.from(outcome.bytes).toString() : (outcome?.reason ?? 'not now');
  }

  it('uses one process again', async () => {
    const first = await made('one');
    expect(await made('two')).toBe(first.replace('one', 'two'));
    expect(started).toBe(1);
  });

  it('runs two at most', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => made('x')));
    expect(new Set(all).size).toBe(MAX_IMAGE_PROCESSES);
    expect(started).toBe(MAX_IMAGE_PROCESSES);
  });

  it.each(['crash', 'hang'])('survives an image that makes its process %s, and goes on with another', async (text) => {
    expect(await made(text)).toMatch(/took too long or failed/);
    expect(await made('next')).toMatch(/^next \d+$/);
    expect(started).toBe(2);
  });

  it('does not blame an image for a process that died before', async () => {
    const pid = Number((await made('first')).split(' ')[1]);
    process.kill(pid, 'SIGKILL');
    expect(await made('second')).toMatch(/^second \d+$/);
  });

  it('says that the library does not work where it cannot be loaded', async () => {
    const program = join(folder, 'image-process.ts'); // no package can be found from there
    await copyFile(join(__dirname, 'image-process.ts'), program);
    const stranded = new ImageWorkers({ start: () => ImageWorker.start(program) });
    expect(await stranded.make(bytes('x'), 64)).toMatchObject({
      type: 'unusable',
      reason: expect.stringContaining("Cannot find package 'sharp'") as string,
    });
    stranded.close();
  });

  it('ends a process that took too much memory', async () => {
    const first = await made('greedy');
    expect(await made('greedy')).not.toBe(first);
  });

  it('says why when the library does not work', async () => expect(await made('unusable')).toBe('no such library'));

  it('fails as the image does, and goes on', async () => {
    const failing = () =>
      Readable.from(
        (async function* () {
          yield Buffer.from('begun');
          throw await Promise.reject(new Error('the file changed'));
        })(),
      );
    await expect(workers.make(failing, 64)).rejects.toThrow('the file changed');
    expect(await made('whole')).toMatch(/^whole \d+$/);
  });

  it('lets a bounded number wait', async () => {
    const running = Array.from({ length: MAX_IMAGE_PROCESSES }, () => made('hold'));
    const waiting = Array.from({ length: MAX_WAITING_IMAGES }, () => made('x'));
    expect(workers.make(bytes('x'), 64)).toBeUndefined();
    await Promise.all([...running, ...waiting]);
  });
});
