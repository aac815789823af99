// Runs as it is in a process of its own: nothing but packages is imported, and only erasable TypeScript is used.
import type { ImageOrder, ImageOutcome, ImageReply, MakeOrder } from './image-jobs';

const importSharp = async () => (await import('sharp')).default;
type Sharp = Awaited<ReturnType<typeof importSharp>>;

/** Decoders that are let near bytes from strangers; none of those that read other files, run scripts or draw text. */
const DECODERS = ['JpegBuffer', 'PngBuffer', 'WebpBuffer', 'NsgifBuffer', 'HeifBuffer'];
const WEBP = { quality: 75, effort: 2 };
/** A process that took more is of no further use: memory is given back by ending it. */
const MAX_RESIDENT_BYTES = 192 * 1024 * 1024;

const loaded = load();
let parts: Uint8Array[] = [];

process.on('message', (order: ImageOrder) => {
  if (order.type === 'begin') parts = [];
  else if (order.type === 'part') parts.push(order.bytes);
  else void make(order);
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')); // at once, whatever is being decoded

async function load(): Promise<Sharp | string> {
  try {
    const sharp = await importSharp();
    sharp.cache(false);
    sharp.concurrency(1);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: DECODERS.map((name) => `VipsForeignLoad${name}`) });
    return sharp;
  } catch (error) {
    return firstLine(error);
  }
}

async function make(order: MakeOrder): Promise<void> {
  const image = Buffer.concat(parts);
  parts = [];
  const sharp = await loaded;
  if (typeof sharp === 'string') return reply({ type: 'unusable', reason: sharp });
  try {
    reply({ type: 'made', bytes: await thumbnail(sharp, image, order) });
  } catch (error) {
    reply({ type: 'refused', reason: firstLine(error) });
  }
}

/** The first frame, upright as its EXIF data says, without any metadata. */
async function thumbnail(sharp: Sharp, bytes: Buffer, order: MakeOrder): Promise<Uint8Array> {
  const image = sharp(bytes, { limitInputPixels: order.maxPixels, failOn: 'error', pages: 1 });
  const { format, isProgressive, width, height } = await image.metadata();
  const isHeldWhole = isProgressive || format === 'heif' || format === 'gif'; // others are decoded line by line
  if (isHeldWhole && width * height > order.maxWholePixels) throw new Error('it has too many pixels');
  return image
    .timeout({ seconds: order.seconds })
    .autoOrient()
    .resize(order.edge, order.edge, { fit: 'inside', withoutEnlargement: true })
    .webp(WEBP)
    .toBuffer();
}

/** The library adds a line for each layer of a decoder. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}

function reply(outcome: ImageOutcome): void {
  const isSpent = process.memoryUsage.rss() > MAX_RESIDENT_BYTES;
  process.send?.({ ...outcome, isSpent } satisfies ImageReply);
}
