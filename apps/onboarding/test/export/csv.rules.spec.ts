import { accountChanged, type Account } from '@leasewire/contracts';
import { accountLine, header } from '../../src/export/csv.rules.js';

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
    ['runs nothing in a spreadsheet', { name: '=cmd' }, 'name', "'=cmd"],
  ])('%s', (_name, facts, column, cell) => {
    expect(row(facts)[column]).toBe(cell);
  });
});
