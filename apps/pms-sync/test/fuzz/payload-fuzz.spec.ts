import { fuzzPayloads } from './payload-fuzz.js';

/** The short one: `npm run fuzz:payloads` does 50,000. */
it('200 damaged answers of all vendors crash nothing, move nobody out in numbers, and are put right by the next honest one', async () => {
  const report = await fuzzPayloads({ count: 200, seed: 2026 });
  expect(report.payloads).toBe(200);
  // it is about something: damage of each kind is among them
  expect(report.complete).toBeGreaterThan(20);
  expect(report.incomplete).toBeGreaterThan(5);
  expect(Object.values(report.refused).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  expect(report.rejectedRows).toBeGreaterThan(10);
  expect(Object.keys(report.fields).length).toBeGreaterThan(3);
});
