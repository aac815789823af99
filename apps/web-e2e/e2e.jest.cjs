// Not named jest.config.*: @nx/jest/plugin would infer a unit `test` target from it.
module.exports = {
  displayName: 'web-e2e',
  rootDir: 'src',
  testEnvironment: 'node',
  testMatch: ['**/*.e2e.ts'],
  testTimeout: 90_000,
  resolver: '@nx/jest/plugins/resolver',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/../tsconfig.json' }] },
};
