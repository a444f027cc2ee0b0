// npm run test:chaos — the long versions of test/chaos: 200 kills, servers away for thirty seconds, sweeps of ten thousand people.
process.env.LEASEWIRE_CHAOS_KILLS ??= '200';
process.env.LEASEWIRE_CHAOS_AWAY_MS ??= '30000';
process.env.LEASEWIRE_CHAOS_PEOPLE ??= '13000';

const base = require('../../jest.config.cjs');

module.exports = { ...base, rootDir: '../..', testMatch: ['<rootDir>/apps/e2e/test/chaos/*.{spec,chaos}.ts'], maxWorkers: 1 };
