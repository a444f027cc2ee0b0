import fc from 'fast-check';
import { readDay, readMountainMoment, toMonthFirst } from '../../src/connector/dates.rules.js';
import { readEmail } from '../../src/connector/emails.rules.js';
import { readCents } from '../../src/connector/money.rules.js';
import { looksLikePlaceholder, readName } from '../../src/connector/names.rules.js';
import { readPhone, readPhones } from '../../src/connector/phones.rules.js';

describe('a name', () => {
  it.each([
    ['Haddad, Noor (Nora)', { first: 'Noor', last: 'Haddad', preferred: 'Nora' }],
    ['Noor Haddad', { first: 'Noor', last: 'Haddad' }],
    ['HADDAD, NOOR', { first: 'Noor', last: 'Haddad' }],
    ["mary-ann o'brien", { first: 'Mary-Ann', last: "O'Brien" }],
    ['MCDONALD, RON', { first: 'Ron', last: 'McDonald' }],
    ['MacDonald, JJ', { first: 'JJ', last: 'MacDonald' }],
    ['Ludwig van der Berg', { first: 'Ludwig', last: 'van der Berg' }],
    ['Smith Jr., John', { first: 'John', last: 'Smith Jr.' }],
    ['John Smith, Jr.', { first: 'John', last: 'Smith' }],
    ['Dr John "Jack" Smith', { first: 'John', last: 'Smith', preferred: 'Jack' }],
    ['Cher', { first: '', last: 'Cher' }],
    ['Mary Church', { first: 'Mary', last: 'Church' }],
    ['John & Mary Smith', { first: 'John & Mary', last: 'Smith' }],
    ['Blue Water Pty Ltd', { first: '', last: 'Blue Water Pty Ltd', company: 'Blue Water Pty Ltd' }],
    ['The Silva Family Trust', { first: '', company: 'The Silva Family Trust' }],
    ['José Núñez', { first: 'José', last: 'Núñez' }],
  ])('%s', (full, parsed) => {
    expect(readName({ full })).toMatchObject({ ...parsed, raw: full });
  });
  it('has its nickname wherever it stands', () => {
    expect(readName({ first: 'Robert (Bob)', last: 'Ek' })).toEqual({
      first: 'Robert',
      last: 'Ek',
      preferred: 'Bob',
      raw: 'Robert (Bob) Ek',
    });
    expect(readName({ first: 'Robert', last: 'Ek', full: 'Ek, Robert (Bob)' })).toMatchObject({
      preferred: 'Bob',
      raw: 'Ek, Robert (Bob)',
    });
  });
  it('is read whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (full) => readName({ full }).raw.length <= 300));
  });
  it.each([
    ['Bed 12', false, true],
    ['Bed 12', true, false],
    ['Vacant', false, true],
    ['Noor Haddad', false, false],
  ])('%s, reachable %s: a placeholder %s', (full, reachable, expected) => {
    expect(looksLikePlaceholder(readName({ full }), reachable)).toBe(expected);
  });
});

describe('a phone number', () => {
  it.each([
    ['+1 3035550142', 'US', '+13035550142'],
    ['(303) 555-0142', 'US', '+13035550142'],
    ['0412 345 678', 'AU', '+61412345678'],
    ['0061 412 345 678', 'US', '+61412345678'],
    ['+61 412 345 678', 'US', '+61412345678'],
    ['+1 33035550142', 'US', null],
    ['0000000000', 'US', null],
    ['555-0142', 'US', null],
    ['303 555 0142', 'XX', null],
  ])('%s in %s', (raw, country, e164) => {
    expect(readPhone(raw, 'Cell', country)).toEqual({ e164, raw, kind: 'mobile' });
  });
  it('without digits is none, and the same twice is one', () => {
    expect(readPhone('ask at desk', null, 'US')).toBeNull();
    const twice = [
      { number: '3035550142', kind: 'work' },
      { number: '+1 303 555 0142', kind: 'mobile' },
    ];
    expect(readPhones(twice, 'US')).toEqual([{ e164: '+13035550142', raw: '3035550142', kind: 'work' }]);
  });
});

describe('an e-mail address', () => {
  it.each([
    ['Ana@Example.com', { email: 'ana@example.com', emailRaw: 'Ana@Example.com' }],
    ['ana@example.com', { email: 'ana@example.com' }],
    ['none@none.com', { email: null, emailRaw: 'none@none.com' }],
    ['noemail@noemail.com', { email: null, emailRaw: 'noemail@noemail.com' }],
    ['no@email.com', { email: null, emailRaw: 'no@email.com' }],
    ['test@test.com', { email: null, emailRaw: 'test@test.com' }],
    ['n/a', { email: null, emailRaw: 'n/a' }],
    ['', { email: null }],
    ['none@none.com; bo@mail.com', { email: 'bo@mail.com', emailRaw: 'none@none.com; bo@mail.com' }],
    ['Ana Silva <ana@example.com>', { email: 'ana@example.com', emailRaw: 'Ana Silva <ana@example.com>' }],
    ['nona@gmail.com', { email: 'nona@gmail.com' }],
  ])('%j', (written, read) => {
    expect(readEmail(written)).toEqual(read);
  });
});

describe('a day', () => {
  it.each([
    ['08/15/2026', '2026-08-15'],
    ['8/5/2026', '2026-08-05'],
    ['2026-08-15', '2026-08-15'],
    ['2026-08-15T23:59:59-07:00', '2026-08-15'],
    ['08/15/2026 23:30:00.000000 MDT', '2026-08-15'],
    ['02/30/2026', null],
    ['15/08/2026', null],
    ['0000-00-00', null],
    ['01/01/1900', null],
    ['soon', null],
  ])('%s is %s, in whatever zone', (written, day) => {
    expect(readDay(written)).toBe(day);
  });
  it('may be written the other way round', () => {
    expect([readDay('15/08/2026', 'day-first'), toMonthFirst('2026-08-15')]).toEqual(['2026-08-15', '08/15/2026']);
  });
});

it.each([
  ['08/15/2026 10:00:00.500000 MDT', '2026-08-15T16:00:00.500Z'],
  ['01/15/2026 10:00:00 MST', '2026-01-15T17:00:00.000Z'],
  ['08/15/2026 10:00', '2026-08-15T16:00:00.000Z'],
  ['01/15/2026 10:00', '2026-01-15T17:00:00.000Z'],
])('%s is a moment in Mountain Time', (written, moment) => {
  expect(readMountainMoment(written)?.toISOString()).toBe(moment);
});

it.each([
  ['1,234.50', 123450],
  ['$12.00', 1200],
  ['(5.00)', -500],
  [-0.1, -10],
  ['0.00', 0],
  [1.005, 101],
  ['much', null],
  [undefined, null],
])('%j is %s cents', (written, cents) => {
  expect(readCents(written)).toBe(cents);
});
