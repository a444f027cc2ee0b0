import { LeaseStatus } from '@leasewire/contracts';
import { tenantStatus } from '../../src/connector/buildium/buildium.association.rules.js';
import { rentalStatusOf } from '../../src/connector/buildium/buildium.rental.rules.js';
import { isSigned, readSignal, signWebhook } from '../../src/connector/buildium/buildium.webhook.rules.js';
import { leaseStatusOf, personStatus, statusOf } from '../../src/connector/entrata/entrata.status.rules.js';

describe('Entrata: a lease is', () => {
  it.each([
    ['1', null, null, 'applicant'],
    ['2', null, null, 'cancelled'],
    ['3', null, null, 'future'],
    ['4', null, 'Cancelled', 'current'],
    ['5', null, null, 'notice'],
    ['6', null, 'Current', 'past'],
    [null, 'Notice', null, 'notice'],
    [null, null, 'Future', 'future'],
    [null, null, 'Denied', 'cancelled'],
    ['17', null, null, null],
    [null, null, null, null],
  ])('%s %s %s → %s', (id, name, interval, expected) => {
    expect(leaseStatusOf(id, name, interval)).toBe(expected);
  });
});

describe('Entrata: a person on a lease is', () => {
  // columns: Applicant, Future, Current, Notice, Past, Cancelled, Denied, nothing said
  const customers = ['Applicant', 'Future', 'Current', 'Notice', 'Past', 'Cancelled', 'Denied', null];
  const table: [LeaseStatus, LeaseStatus[]][] = [
    ['applicant', ['applicant', 'applicant', 'applicant', 'applicant', 'past', 'cancelled', 'cancelled', 'applicant']],
    ['future', ['applicant', 'future', 'future', 'future', 'past', 'cancelled', 'cancelled', 'future']],
    ['current', ['applicant', 'future', 'current', 'notice', 'past', 'cancelled', 'cancelled', 'current']],
    ['notice', ['applicant', 'future', 'notice', 'notice', 'past', 'cancelled', 'cancelled', 'notice']],
    ['past', ['past', 'past', 'past', 'past', 'past', 'cancelled', 'cancelled', 'past']],
    ['cancelled', ['cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled']],
  ];
  it.each(table.flatMap(([lease, row]) => row.map((expected, at) => [lease, customers[at] ?? null, expected] as const)))(
    '%s lease, %s person → %s',
    (lease, customer, expected) => {
      expect(statusOf(lease, customer)).toBe(expected);
    },
  );
  it('of every combination there is one', () => {
    expect(Object.keys(personStatus).sort()).toEqual([...LeaseStatus.options].sort());
  });
});

describe('Buildium: a tenant is', () => {
  it.each([
    ['Active', 'Current', null, 'current'],
    ['Active', 'Current', '2026-12-31', 'notice'],
    ['Active', 'Future', null, 'future'],
    ['Active', 'MovedOut', '2026-10-01', 'past'],
    ['Active', null, null, 'current'],
    ['Future', 'Future', null, 'future'],
    ['Future', 'Current', null, 'future'],
    ['Future', 'MovedOut', null, 'cancelled'],
    ['Future', null, null, 'future'],
    ['Past', 'Current', null, 'past'],
    ['Past', 'MovedOut', null, 'past'],
    ['Past', 'Future', null, 'cancelled'],
    ['Past', null, null, 'past'],
    ['Eternal', 'Current', null, null],
  ])('on a lease that is %s, %s, out %s → %s', (lease, tenant, moveOut, expected) => {
    expect(rentalStatusOf(lease, tenant, moveOut)).toBe(expected);
  });
  it.each([
    [null, null, 'current'],
    ['2026-12-01', null, 'future'],
    ['2026-01-01', '2026-12-01', 'notice'],
    ['2026-01-01', '2026-11-24', 'notice'],
    ['2026-01-01', '2026-11-23', 'past'],
  ])('of an association, in %s, out %s → %s', (moveIn, moveOut, expected) => {
    expect(tenantStatus('2026-11-24', moveIn, moveOut)).toBe(expected);
  });
});

describe('a webhook of Buildium', () => {
  const now = new Date('2026-11-24T09:00:00Z');
  const timestamp = String(now.getTime() / 1000);
  const body = '{"EventName":"LeaseTenant.Updated","AccountId":1,"PropertyId":20}';
  const signed = { secret: 'shared', timestamp, body, signature: signWebhook('shared', timestamp, body) };
  it.each([
    ['as it was sent', {}, true],
    ['with another body', { body: `${body} ` }, false],
    ['with another secret', { secret: 'other' }, false],
    ['an hour old', { timestamp: String(Number(timestamp) - 3600) }, false],
    ['without a time', { timestamp: 'soon' }, false],
    ['without a signature', { signature: '' }, false],
  ])('%s', (_name, more, expected) => {
    expect(isSigned({ ...signed, ...more }, now)).toBe(expected);
  });
  it('says where to look', () => {
    expect(readSignal(body)).toEqual({ events: ['LeaseTenant.Updated'], properties: ['rental-20'] });
    expect([readSignal('no JSON'), readSignal('{}')]).toEqual([null, null]);
  });
});
