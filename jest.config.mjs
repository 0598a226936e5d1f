import { readFileSync } from 'node:fs';

const swcrc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
delete swcrc.$schema;

/** The stories need a running stack and run one after the other (tools/test.ts); all else runs in parallel. */
const stories = process.env.CAREGRAPH_STORIES === '1';

/** Specs of the Kafka transport need a broker, which `npm run test:kafka` starts. */
const kafka = process.env.CAREGRAPH_KAFKA === '1';

export default {
  testEnvironment: 'node',
  roots: stories ? ['<rootDir>/e2e'] : ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: stories ? ['**/*.e2e.spec.ts'] : [kafka ? '**/*.kafka.spec.ts' : '**/!(*.kafka).spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // Its ES modules import JSON in a way that Jest warns of, once for each file and suite.
    '^libphonenumber-js/max$': '<rootDir>/node_modules/libphonenumber-js/max/index.cjs',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swcrc, swcrc: false, configFile: false }] },
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.caregraph', '<rootDir>/.nx'],
  globalSetup: stories ? '<rootDir>/e2e/global-setup.mjs' : '<rootDir>/tools/jest-global-setup.mjs',
  globalTeardown: stories ? '<rootDir>/e2e/global-teardown.mjs' : '<rootDir>/tools/jest-global-teardown.mjs',
  // A story may wait for an app that is started again.
  testTimeout: stories ? 120_000 : 30_000,
  maxWorkers: stories ? 1 : 2,
};
