import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Name and size of each entry, as Python's zipfile lists them. */
export async function listZip(file: string): Promise<[name: string, size: number][]> {
  const script =
    'import json, sys, zipfile; print(json.dumps([[i.filename, i.file_size] for i in zipfile.ZipFile(sys.argv[1]).infolist()]))';
  const { stdout } = await run('python3', ['-c', script, file], { maxBuffer: MAX_OUTPUT_BYTES });
  return JSON.parse(stdout) as [string, number][];
}

/** Unpacks a zip into `folder` with Info-ZIP's unzip, or, where that is not installed, with Python. @throws when it is not whole. */
export async function unpackZip(file: string, folder: string): Promise<void> {
  try {
    await run('unzip', ['-q', file, '-d', folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  } catch (error) {
    if (!(error instanceof Object && 'code' in error && error.code === 'ENOENT')) throw error;
    console.warn('NOT TESTED with unzip: it is not installed');
    await run('python3', ['-m', 'zipfile', '-e', file, folder]);
  }
}
