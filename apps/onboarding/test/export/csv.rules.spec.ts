import { accountChanged, type Account } from '@leasewire/contracts';
import { accountLine, cellOf, header } from '../../src/export/csv.rules.js';

const { account } = accountChanged.schema.parse(accountChanged.example);
const property = account.residents[0]!.propertyId;
const names = new Map([[property, 'Harbour Court']]);
const row = (facts: Partial<Account>): Record<string, string> => {
  const cells = accountLine({ ...account, ...facts }, names)
    .trimEnd()
    .split(',');
  return Object.fromEntries(
    header()
      .trimEnd()
      .split(',')
      .map((column, n) => [column, cells[n] ?? '']),
  );
};

describe('a cell', () => {
  it.each([
    ['is itself', 'Noor Haddad', 'Noor Haddad'],
    ['is empty for nothing', null, ''],
    ['is a number as it is, also below zero', -3, '-3'],
    ['keeps its commas and quotes', 'Haddad, "Noor"', '"Haddad, ""Noor"""'],
    ['keeps its lines', 'one\ntwo', '"one\ntwo"'],
    ['is no formula', '=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
    ['is no formula after spaces', ' \t+1', "' \t+1"],
    ['is no command', '@SUM(A1)', "'@SUM(A1)"],
    ['is no negative formula', '-2+3', "'-2+3"],
  ])('%s', (_name, value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });
});

describe('the line of an account', () => {
  const terms = { version: 2, propertyId: property, acceptedAt: '2026-11-24T09:00:00.000Z' };
  it.each<[string, Partial<Account>, string, string]>([
    ['names its properties', {}, 'properties', 'Harbour Court'],
    ['says that its mail came back', { bounced: true }, 'status', 'pending-activation (bounced)'],
    ['says which terms were accepted', { terms }, 'accepted terms', '2'],
    ['says whose they were: the property’s', { terms }, 'terms of', 'Harbour Court'],
    ['the organization’s', { terms: { ...terms, propertyId: null } }, 'terms of', 'the organization'],
    ['the platform’s', { terms: { ...terms, propertyId: null, version: 0 } }, 'terms of', 'the platform'],
    ['nobody’s, when none were', {}, 'terms of', ''],
  ])('%s', (_name, facts, column, cell) => {
    expect(row(facts)[column]).toBe(cell);
  });
});
