import { IS_FULL } from './mode';

/** Where the verdict or bound of a case is not that of the first list of sequences, and why, by id. */
const DIFFERS: Readonly<Record<string, string>> = {
  W039: '50 ms were listed: 16,384 TLS records of one byte alone take more than 100 ms, so 300 ms are allowed',
  W054: 'K was listed: a number that JSON has is a wrong field, and its request is refused (E); the others end the session',
  W055: 'K was listed: unknown fields are ignored, so many of them too (OK), and the frame limit bounds their cost',
  W066: 'K was listed: there are no such features, and unknown fields of a hello are ignored (I); hashes are checked',
  W069: 'K was listed: an offer may have just ended, so the answer to an unknown one is an ERROR (E)',
  W092: 'K was listed: the file is refused and fails (E), the session goes on',
  W093: 'K was listed: the file is refused and fails (E), the session goes on',
  W108: 'K was listed: the request is refused (E), the session goes on',
  W114: 'a quarantine was listed: the transfer fails (E) and nothing of it is published',
  W123: 'K was listed: the request is refused (E), the session goes on',
  W124: 'K was listed: ferry/1 names no hash functions, and unknown fields are ignored (I); hashes are checked',
  W130: '20 MB in each unfinished frame were listed: a frame that claims more than 64 KiB is refused by its header; 128 idle sessions (8.5 MiB) are allowed beside the 16 MiB',
  W134: 'a ring of 1,000 events was listed: it has 5,000',
};

/** What the short run does less of than the full one, by id. */
const CUT: Readonly<Record<string, string>> = {
  W088: 'a list of 10,000 files, not 100,000',
  W104: '400 files, not 2,000; 15 s for the list, not 2 s',
  W132: '500 cycles, not 10,000',
  W133: '1,000 offers, not 10,000',
  W134: '1,500 events, not 6,000 and 60 s',
  W139: '5,000 announcements, not 100,000',
};

/** Lines for the table at the end: remarks about these sequences. */
export function remarks(ids: ReadonlySet<string>): string[] {
  const of = (all: Readonly<Record<string, string>>) =>
    Object.entries(all)
      .filter(([id]) => ids.has(id))
      .map(([id, text]) => `  ${id}: ${text}`);
  const differs = of(DIFFERS);
  const cut = IS_FULL ? [] : of(CUT);
  return [
    ...(differs.length > 0 ? ['', 'Otherwise than first listed:', ...differs] : []),
    ...(cut.length > 0 ? ['', 'Less than in the full run:', ...cut] : []),
  ];
}
