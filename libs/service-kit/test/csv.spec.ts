import fc from 'fast-check';
import { csvCell, csvLine, csvUndefused } from '../src/index.js';

const awkward = ['=', '+', '-', '@', '|', '＝', ' ', '\t', '\r', '\n', '"', "'", ';', ',', '1', 'a'];

describe('a cell of a CSV file', () => {
  it.each<[string, unknown, string]>([
    ['is its text', 'Ana Reyes', 'Ana Reyes'],
    ['is empty for nothing', null, ''],
    ['is empty for what is not there', undefined, ''],
    ['is a number as it is, also below zero', -7, '-7'],
    ['is yes or no', false, 'false'],
    ['is JSON for fields', { a: '=1' }, '"{""a"":""=1""}"'],
    ['is quoted where it must be', 'a "b", c\nd', '"a ""b"", c\nd"'],
    ['is quoted where some programs split', 'a;b', '"a;b"'],
    ['keeps white space at its ends', ' a ', '" a "'],
    ['is a telephone number as it is', '+61412345678', '+61412345678'],
    ['is an amount as it is', '-12.50', '-12.50'],
    ['is no formula: =', '=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['is no formula: +', '+1+1', "'+1+1"],
    ['is no formula: -', '-1+1', "'-1+1"],
    ['is no formula: @', '@SUM(1)', "'@SUM(1)"],
    ['is no formula: =, in full width', '＝cmd', "'＝cmd"],
    ['is no formula: tab', '\t=1', `"'\t=1"`],
    ['is no formula: line break', '\r=1', `"'\r=1"`],
    ['is no formula: after spaces', '  =1', "'  =1"],
    ['is no formula: pipe', '|cmd', "'|cmd"],
  ])('%s', (_name, value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...awkward) }), (text) => {
        fc.pre(!text.startsWith("'"));
        const cell = csvCell(text);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(csvUndefused(read)).toBe(text);
      }),
    );
  });

  it('of another program comes back as it was: a telephone number behind an apostrophe, and a name that begins with one', () => {
    expect(["'+61412345678", "'t Hooft"].map(csvUndefused)).toEqual(['+61412345678', "'t Hooft"]);
  });

  it('is one of a line', () => {
    expect(csvLine(['Ana', null, '=1', 2])).toBe("Ana,,'=1,2\r\n");
  });
});
