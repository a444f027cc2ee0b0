// npm run test:chaos — the long versions of test/chaos: 200 kills, servers away for thirty seconds, sweeps of ten thousand people;
// of the Go Live that is killed, and of the message that is, with five thousand each.
process.env.LEASEWIRE_CHAOS_KILLS ??= '200';
process.env.LEASEWIRE_CHAOS_AWAY_MS ??= '30000';
process.env.LEASEWIRE_CHAOS_PEOPLE ??= '13000';
process.env.LEASEWIRE_CHAOS_RECIPIENTS ??= '5000';
process.env.LEASEWIRE_GO_LIVE_PEOPLE ??= '5000';

const base = require('../../jest.config.cjs');

const testMatch = [
  '<rootDir>/apps/e2e/test/chaos/*.{spec,chaos}.ts',
  '<rootDir>/apps/notifications/test/service/kill.it.spec.ts',
  '<rootDir>/apps/onboarding/test/service/go-live-proof.it.spec.ts',
];

module.exports = { ...base, rootDir: '../..', testMatch, maxWorkers: 1 };
