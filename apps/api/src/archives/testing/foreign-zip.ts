import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemCodeOf } from '../../http/listen-error';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Checks every checksum, then prints what is listed. */
const READ = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None, 'a checksum is wrong'
    print(json.dumps([[i.filename, i.file_size, i.external_attr >> 16, i.date_time[0]] for i in z.infolist()]))
`;

/** An entry as Python's zipfile reads it. */
export interface ForeignEntry {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly year: number;
}

/** Reads a zip with Python's zipfile, all content included. @throws when it finds anything wrong. */
export async function readZip(file: string): Promise<ForeignEntry[]> {
  const { stdout } = await run('python3', ['-c', READ, file], { maxBuffer: MAX_OUTPUT_BYTES });
  const rows = JSON.parse(stdout) as [string, number, number, number][];
  return rows.map(([name, size, mode, year]) => ({ name, size, mode, year }));
}

/** Tests a zip with what other programs are there. @throws when one of them finds anything wrong. @returns their names. */
export async function testZip(file: string): Promise<string[]> {
  const programs = { unzip: ['-tqq', file], bsdtar: ['-tf', file] };
  const used: string[] = [];
  for (const [program, args] of Object.entries(programs)) {
    try {
      await run(program, args, { maxBuffer: MAX_OUTPUT_BYTES });
      used.push(program);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      console.warn(`NOT TESTED with ${program}: it is not installed`);
    }
  }
  return used;
}
