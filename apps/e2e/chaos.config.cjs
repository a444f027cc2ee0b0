// npm run test:chaos — the long versions of test/chaos: 200 kills, servers away for thirty seconds.
process.env.LEASEWIRE_CHAOS_KILLS ??= '200';
process.env.LEASEWIRE_CHAOS_AWAY_MS ??= '30000';

const base = require('../../jest.config.cjs');

module.exports = { ...base, rootDir: '../..', testMatch: ['<rootDir>/apps/e2e/test/chaos/*.spec.ts'], maxWorkers: 1 };
