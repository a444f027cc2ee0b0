import type { AuditEntry } from '@leasewire/contracts';
import { csvHeader, lineOf, partsOf } from '../../src/export/export.rules.js';

const entry = { id: 'aud_1', seq: 1, what: 'a, b', before: null, after: { x: 1 }, erased: false } as unknown as AuditEntry;

it('a line has a cell for each column', () => {
  const line = lineOf(entry, 'csv');
  expect(csvHeader.split(',')).toHaveLength(18);
  expect(line).toBe('aud_1,1,,,,,,"a, b",,,,,,,"{""x"":1}",false,,\r\n');
  expect(lineOf({ ...entry, what: '=cmd' }, 'csv')).toContain(",'=cmd,");
  expect(JSON.parse(lineOf(entry, 'ndjson'))).toEqual(entry);
});

describe('parts', () => {
  it('hold whole lines, in order, each fitting a reply', () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `${n} ${'"'.repeat(200)}\n`);
    const parts = partsOf(lines);
    expect(parts.map(({ content }) => content).join('')).toBe(lines.join(''));
    expect(parts.reduce((sum, { entries }) => sum + entries, 0)).toBe(3000);
    for (const { content } of parts) expect(JSON.stringify(content).length).toBeLessThan(500_000);
    expect(parts.length).toBeGreaterThan(2);
  });
  it('hold at most five thousand', () => {
    expect(partsOf(Array.from({ length: 12_000 }, () => 'x\n')).map(({ entries }) => entries)).toEqual([5000, 5000, 2000]);
  });
  it('are none of nothing', () => {
    expect(partsOf([])).toEqual([]);
  });
});
