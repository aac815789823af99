import { existsSync, readFileSync } from 'node:fs';
import { OUTPUTS } from './build.mjs';
import { inRoot } from './root.mjs';

const webpackConfig = readFileSync(inRoot('apps/api/webpack.config.js'), 'utf8');
const pairs = [...webpackConfig.matchAll(/entryName: '([^']+)', entryPath: '([^']+)'/g)];
const entryPoints = pairs.map(([, entryName, entryPath]) => ({ entryName, entryPath }));

describe('the entry points of the node bundle', () => {
  it('are all seen by this test', () => {
    expect(entryPoints).toHaveLength(webpackConfig.match(/entryPath:/g).length);
  });

  // Without the ./ Nx takes the path from the workspace root, and finds another checkout or nothing.
  it.each(entryPoints)('$entryName is a file of this checkout', ({ entryPath }) => {
    expect(entryPath.startsWith('./')).toBe(true);
    const path = inRoot('apps/api', entryPath);
    expect(path.startsWith(inRoot())).toBe(true);
    expect(existsSync(path)).toBe(true);
  });

  it.each([{ entryName: 'main' }, ...entryPoints])('$entryName is missed when it is not built', ({ entryName }) => {
    expect(OUTPUTS).toContain(`dist/apps/api/${entryName}.js`);
  });
});
