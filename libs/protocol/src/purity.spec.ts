import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
const PROBE = join(ROOT, 'src', 'purity-probe.ts');

/** One a line: names of Node and of the page that must be unknown here. */
const IMPURE = [
  `import 'node:fs/promises';`,
  `import 'crypto';`,
  `export const buffer = Buffer.alloc(1);`,
  `export const env = process.env;`,
  `export const element = document.body;`,
  `export const page = window.location;`,
  `export const loaded = require('x');`,
  `export const folder = __dirname;`,
  `export const handle = setImmediate(() => undefined);`,
];

/** Compiles the library as tsconfig.lib.json says, with one more file that exists only here. */
function compile(probe: string): readonly ts.Diagnostic[] {
  const path = join(ROOT, 'tsconfig.lib.json');
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, dirname(path));
  const host = ts.createCompilerHost(config.options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === PROBE || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === PROBE ? ts.createSourceFile(file, probe, rest[0]) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...config.fileNames, PROBE], { ...config.options, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program);
}

describe('purity', () => {
  const diagnostics = compile(IMPURE.join('\n'));

  it('compiles without the types of Node and of the page', () => {
    const inLibrary = diagnostics.filter(({ file }) => file?.fileName !== PROBE);
    expect(inLibrary.map(({ messageText }) => messageText)).toEqual([]);
  });

  it.each(IMPURE.map((line, index) => [line, index] as const))('would not compile with: %s', (_line, index) => {
    const lines = diagnostics
      .filter(({ file }) => file?.fileName === PROBE)
      .map(({ file, start = 0 }) => file?.getLineAndCharacterOfPosition(start).line);
    expect(lines).toContain(index);
  });
});
