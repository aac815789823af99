// The tools are plain ES modules: nothing is transformed, and Node runs them as they are (see project.json).
module.exports = {
  displayName: 'tools',
  testEnvironment: 'node',
  transform: {},
  testMatch: ['<rootDir>/**/*.spec.mjs'],
  moduleFileExtensions: ['mjs', 'js', 'cjs', 'json'],
};
