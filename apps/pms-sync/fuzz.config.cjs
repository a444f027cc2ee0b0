// npm run fuzz:payloads — 50,000 damaged answers of all vendors; the short version is test/fuzz/payload-fuzz.spec.ts.
const base = require('../../jest.config.cjs');

module.exports = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/apps/pms-sync/test/fuzz/*.fuzz.ts'],
  testTimeout: 3_600_000,
  maxWorkers: 1,
};
