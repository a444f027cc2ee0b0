import { cellOf } from '../../src/export/csv.rules.js';

describe('a cell', () => {
  it.each([
    ['Ana', 'Ana'],
    [null, ''],
    ['Reyes, Ana', '"Reyes, Ana"'],
    ['the "Doc"', '"the ""Doc"""'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['  =1+1', `'  =1+1`],
    ['+61412345678', `'+61412345678`],
    ['@cmd', `'@cmd`],
    ['two\nlines', '"two\nlines"'],
  ])('%j is %j', (value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });
});
