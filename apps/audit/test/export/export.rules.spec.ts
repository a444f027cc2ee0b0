import type { AuditEntry } from '@leasewire/contracts';
import { cellOf, csvHeader, lineOf, partsOf } from '../../src/export/export.rules.js';

describe('a cell of a spreadsheet', () => {
  it.each<[string, unknown, string]>([
    ['is its text', 'Ana Reyes', 'Ana Reyes'],
    ['is empty for nothing', null, ''],
    ['is quoted where it must be', 'a "b", c\nd', '"a ""b"", c\nd"'],
    ['is a number as it is, also a negative one', -7, '-7'],
    ['is JSON for fields', { a: '=1' }, '"{""a"":""=1""}"'],
    ['is no formula: =', '=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['is no formula: +', '+1+1', "'+1+1"],
    ['is no formula: -', '-1+1', "'-1+1"],
    ['is no formula: @', '@SUM(1)', "'@SUM(1)"],
    ['is no formula: tab', '\t=1', "'\t=1"],
    ['is no formula: line break', '\r=1', `"'\r=1"`],
    ['is no formula: after spaces', '  =1', "'  =1"],
    ['is no formula: pipe', '|cmd', "'|cmd"],
  ])('%s', (_name, value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });
});

const entry = { id: 'aud_1', seq: 1, what: 'a, b', before: null, after: { x: 1 }, erased: false } as unknown as AuditEntry;

it('a line has a cell for each column', () => {
  const line = lineOf(entry, 'csv');
  expect(csvHeader.split(',')).toHaveLength(18);
  expect(line).toBe('aud_1,1,,,,,,"a, b",,,,,,,"{""x"":1}",false,,\r\n');
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
