import { writeSync } from 'node:fs';
import { fuzzPayloads } from './payload-fuzz.js';

/** npm run fuzz:payloads. A failure names its payload: LEASEWIRE_FUZZ_FROM=<n> LEASEWIRE_FUZZ_PAYLOADS=1 shows it again. */
const number = (name: string, byDefault: number) => Number(process.env[name] ?? byDefault);
const count = number('LEASEWIRE_FUZZ_PAYLOADS', 50_000);
const seed = number('LEASEWIRE_FUZZ_SEED', 1);

it(`${count} damaged answers`, async () => {
  const began = performance.now();
  const report = await fuzzPayloads({ from: number('LEASEWIRE_FUZZ_FROM', 0), count, seed }, (done) => {
    if (done % 5000 === 0) writeSync(2, `${done} of ${count}, ${Math.round((performance.now() - began) / 1000)} s\n`);
  });
  const { fields, refused, ...counts } = report;
  const most = Object.entries(fields).sort(([, a], [, b]) => b - a);
  const lines = [
    ...Object.entries(counts).map(([name, value]) => `${name.padEnd(14)} ${value}`),
    ...Object.entries(refused).map(([code, value]) => `refused        ${value} ${code}`),
    ...most.slice(0, 15).map(([field, value]) => `field          ${value} ${field}`),
    `fields         ${most.length} different ones were named`,
    `seed           ${seed}`,
  ];
  writeSync(1, `${lines.join('\n')}\n`);
  expect(report.payloads).toBe(count);
});
