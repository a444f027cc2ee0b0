// npm run test:model — the long version of test/model: some ten thousand operations, hundreds of syncs, processes killed in between.
process.env.LEASEWIRE_MODEL_CYCLES ??= '120';
process.env.LEASEWIRE_MODEL_KILLS ??= '0.1';
process.env.LEASEWIRE_MODEL_SEED ??= String(Date.now() % 1_000_000);

const base = require('../../jest.config.cjs');

module.exports = { ...base, rootDir: '../..', testMatch: ['<rootDir>/apps/e2e/test/model.e2e.spec.ts'], maxWorkers: 1 };
