// Specs run on the sources: `carillon-src` makes `#libs/*` resolve to the TypeScript of each lib.
// The condition has a name of our own because several packages publish a `source` condition.
/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['carillon-src', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testMatch: [
    '<rootDir>/services/*/{src,test}/**/*.spec.ts',
    '<rootDir>/libs/*/src/**/*.spec.ts',
    '<rootDir>/scripts/**/*.spec.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  // Runs a lazily filled shelf of servers (Postgres) that the specs of one run have in common.
  globalSetup: '<rootDir>/scripts/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/scripts/jest/global-teardown.mjs',
  reporters: process.env.CI ? ['<rootDir>/scripts/jest/quiet-reporter.mjs'] : ['default'],
  // Integration specs start real servers; a unit spec that needs more than a blink is a bug anyway.
  testTimeout: 30_000,
  workerIdleMemoryLimit: '600MB',
  coverageProvider: 'v8',
  collectCoverageFrom: ['services/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
};
