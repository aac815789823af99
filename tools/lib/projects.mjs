import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './root.mjs';

const below = (parent) => readdirSync(inRoot(parent)).map((name) => ({ name, folder: `${parent}/${name}` }));

const folders = [...below('libs'), ...below('apps'), { name: 'tools', folder: 'tools' }].filter(({ folder }) =>
  existsSync(inRoot(folder, 'project.json')),
);

const withFile = (file) => folders.filter(({ folder }) => existsSync(inRoot(folder, file)));

/** Projects with tests beside their code. */
export const unitTested = withFile('jest.config.cjs');

/** Projects that drive the built programs from outside. */
export const endToEnd = withFile('e2e.jest.cjs');

/** All configurations that `tsc` can check. */
export const typeChecked = folders
  .flatMap(({ folder }) =>
    readdirSync(inRoot(folder))
      .filter((file) => /^tsconfig\..+\.json$/.test(file) || file === 'tsconfig.json')
      .map((file) => `${folder}/${file}`),
  )
  .filter((path, _, all) => {
    const isSolution =
      path.endsWith('/tsconfig.json') && all.some((other) => other === path.replace('.json', '.spec.json'));
    return !isSolution; // it only refers to the others
  });
