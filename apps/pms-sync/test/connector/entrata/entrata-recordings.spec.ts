import { defaultPolicies, skipReason } from '../../../src/connection/policy.rules.js';
import { fingerprintOf } from '../../../src/run/fingerprint.rules.js';
import { reply, someProperty, sweep } from '../fake-vendor.js';
import {
  anEntrata,
  askedFor,
  customer,
  lease,
  nothing,
  ok,
  refused,
  units,
  withLeases,
  type Answers,
} from './entrata-payloads.js';

const property = someProperty();
const swept = (answers: Answers, wanted = {}) => sweep(anEntrata(answers).connector.fetchPeople(property, wanted));
const only = async (...leases: unknown[]) => (await swept(withLeases(...leases))).people;
const { rental } = defaultPolicies;
const interval = (id: string, startDate: string, endDate: string, more = {}) => ({
  ...{ id, startDate, endDate, leaseIntervalTypeId: '3' },
  ...more,
});

describe('how Entrata is asked (pms-apis.md 1.2, 1.3)', () => {
  it.each([
    ['gateway', {}, /^https:\/\/apis\.entrata\.com\/ext\/orgs\/harbour\/v1\/leases\?/, 'x-api-key', 'apikey'],
    ['legacy', { generation: 'legacy' }, /^https:\/\/harbour\.entrata\.com\/api\/v1\/leases\?/, 'authorization', 'basic'],
  ])('by the %s: always a POST, the method in the body, lists as one string', async (_name, settings, url, header, type) => {
    const { connector, vendor } = anEntrata({}, settings);
    await sweep(connector.fetchPeople(property, {}));
    const request = vendor.requests.find((one) => one.url.includes('/leases'))!;
    expect([request.method, request.url, Object.keys(request.headers ?? {})]).toEqual([
      'POST',
      expect.stringMatching(url),
      expect.arrayContaining([header]),
    ]);
    expect(JSON.parse(request.body!)).toMatchObject({
      auth: { type },
      requestId: expect.stringMatching(/^\d+$/) as string,
      method: { name: 'getLeases', version: 'r2', params: { propertyId: '100', leaseStatusTypeIds: '1,3,4,5' } },
    });
  });
  it('and each service has a budget of its own, as its headers count', async () => {
    const { connector, vendor } = anEntrata();
    await sweep(connector.fetchPeople(property, { withBalances: true }));
    const budgets = vendor.requests.map((request) => [new URL(request.url).pathname.split('/').at(-1), request.budget]);
    for (const [service, budget] of budgets) expect(budget).toBe(service);
  });
  it('and what is asked for pages is told to be', async () => {
    const { connector, vendor } = anEntrata();
    await sweep(connector.fetchPeople(property, {}));
    expect(askedFor(vendor.requests.at(-1)!)).toMatchObject({ page: 1, size: 500 });
  });
});

describe('who may do what (1.2, 1.3)', () => {
  it('a status method that is not enabled says nothing of the others', async () => {
    const { connector } = anEntrata({ getStatus: () => refused(300, 'You do not have permission to access this method') });
    expect(await connector.test()).toMatchObject({ ok: true });
  });
  it.each([
    [
      'leases that are not permitted',
      { getLeases: () => refused(301, 'You do not have permission to access this method') },
      'method-not-permitted',
    ],
    ['no property that is permitted', { getProperties: nothing }, 'property-not-permitted'],
    [
      'a property that is not',
      { getLeases: () => refused(306, 'Property is not enabled for this user') },
      'property-not-permitted',
    ],
    ['a wrong key behind status 200', { getProperties: () => refused(1003, 'Invalid API key') }, 'wrong-key'],
    ['a limit behind status 200', { getProperties: () => refused(429, 'Too many requests') }, 'rate-limited'],
  ])('%s is said in plain words', async (_name, answers, code) => {
    const diagnosis = await anEntrata(answers).connector.test();
    expect(diagnosis).toMatchObject({ ok: false, code });
    expect(diagnosis.message.length).toBeGreaterThan(20);
  });
});

describe('units (1.5, 1.7)', () => {
  const at = (page: number, link = true) =>
    ok(
      { properties: { property: [{ propertyId: 100 + page, units: { unit: [{ id: `${page}01`, unitNumber: `${page}01` }] } }] } },
      link ? { link: `<https://x/?page_no=${page + 1}>; rel="next"` } : { link: '<https://x/?page_no=1>; rel="first"' },
    );
  it('of the children of a parent property come on further pages, which the headers alone announce', async () => {
    const { connector } = anEntrata({ getPropertyUnits: ({ page }) => at(page, page < 3) });
    expect((await connector.fetchUnits(property)).map(({ upstreamId }) => upstreamId)).toEqual(['101', '201', '301']);
  });
  it('that come again and again are no list', async () => {
    const { connector } = anEntrata({ getPropertyUnits: () => at(1) });
    await expect(connector.fetchUnits(property)).rejects.toMatchObject({ code: 'paging' });
  });
  it.each([
    ['fewer than were announced', at(1, false), { 'x-total-count': '2' }],
    ['fewer than were announced, without links', at(1, false), { 'x-total-count': '2', link: '' }],
    ['pages without end', null, {}],
  ])('are no list when there are %s: the others would count as gone', async (_name, page, headers) => {
    const answer = (number: number) => {
      const { status, text, headers: own } = page ?? at(number);
      return { status, text, headers: new Headers({ ...Object.fromEntries(own), ...headers }) };
    };
    const { connector } = anEntrata({ getPropertyUnits: ({ page: number }) => answer(number) });
    await expect(connector.fetchUnits(property)).rejects.toMatchObject({ code: 'paging' });
  });
  it('come on a further page also where only their number announces it; more than that number are no less', async () => {
    const counted = (page: number, total: string) => {
      const { status, text } = at(page);
      return { status, text, headers: new Headers({ 'x-total-count': total }) };
    };
    const two = anEntrata({ getPropertyUnits: ({ page }) => counted(page, '2') }).connector;
    expect((await two.fetchUnits(property)).map(({ upstreamId }) => upstreamId)).toEqual(['101', '201']);
    const none = anEntrata({ getPropertyUnits: () => counted(1, '0') }).connector;
    expect(await none.fetchUnits(property)).toHaveLength(1);
  });
  it('are read in both spellings, as numbers or texts, one or many', async () => {
    const documented = {
      id: 5,
      unitNumber: 5,
      noOfBedrooms: 2,
      unitSpaces: { unitSpace: { unitSpaceId: 51, unitNumber: '5-A' } },
    };
    const observed = { id: '6', unitNumber: '6', numberOfBedrooms: '2', exclusionReason: 'Model', unitSpaces: { unitSpace: [] } };
    const { connector } = anEntrata({
      getPropertyUnits: () => ok({ properties: { property: { units: { unit: [documented, observed] } } } }),
    });
    expect(await connector.fetchUnits(property)).toEqual([
      { upstreamId: '5', building: null, number: '5', bedrooms: [{ upstreamId: '51', name: 'A' }] },
      { upstreamId: '6', building: null, number: '6', bedrooms: [] },
    ]);
  });
  it('of which one has no id end the list: it would count as gone', async () => {
    const { connector } = anEntrata({
      getPropertyUnits: () => ok({ properties: { property: [{ units: { unit: [...units, { unitNumber: '9' }] } }] } }),
    });
    await expect(connector.fetchUnits(property)).rejects.toMatchObject({ code: 'not-readable' });
  });
});

describe('what the recordings show (1.8)', () => {
  it('a guarantor, cancelled on a Current lease, is a guarantor whom the policy leaves out', async () => {
    const guarantor = customer(8, { customerType: 'Guarantor', leaseCustomerStatus: 'Cancelled' });
    const people = await only(lease('1', [customer(7), guarantor]));
    expect(people).toMatchObject([
      { upstreamId: '7', role: 'primary' },
      { upstreamId: '8', role: 'guarantor' },
    ]);
    expect(people.map((person) => skipReason(person, rental)?.code)).toEqual([undefined, 'sync.guarantor']);
  });
  it('one guarantor of several leases is one person', async () => {
    const guarantor = customer(8, { customerType: 'Guarantor' });
    const people = await only(lease('1', [customer(7), guarantor]), lease('2', [customer(9), guarantor]));
    expect(people.map(({ upstreamId }) => upstreamId)).toEqual(['7', '8', '9']);
  });
  it('the primary does not always come first', async () => {
    const roommate = customer(8, { customerType: 'Co-Applicant', relationshipName: 'Roommate' });
    expect(await only(lease('1', [roommate, customer(7)]))).toMatchObject([{ role: 'co-applicant' }, { role: 'primary' }]);
  });
  it('an occupant without e-mail and phone is a person; the policy decides', async () => {
    const [occupant] = await only(
      lease('1', [customer(7, { customerType: 'Occupant', emailAddress: undefined, phones: undefined })]),
    );
    expect(occupant).toMatchObject({ role: 'occupant', email: null, phones: [] });
    expect(skipReason(occupant!, rental)).toBeNull();
    expect(skipReason(occupant!, { ...rental, withoutEmail: false })?.code).toBe('sync.without-email');
  });
  it.each([
    ['Past', 'past'],
    ['Future', 'future'],
  ])('a co-applicant who is %s on a Current lease is that', async (leaseCustomerStatus, status) => {
    const other = customer(8, { customerType: 'Co-Applicant', leaseCustomerStatus });
    expect(await only(lease('1', [customer(7), other]))).toMatchObject([
      { stays: [{ status: 'current' }] },
      { stays: [{ status }] },
    ]);
  });
  it('a renewal keeps the move-in of an earlier year; the lease is that of its interval', async () => {
    const renewed = {
      moveInDate: '08/20/2022',
      leaseIntervalId: '92',
      leaseIntervals: { leaseInterval: [interval('91', '08/15/2025', '07/31/2026'), interval('92', '08/15/2026', '07/31/2027')] },
    };
    expect(await only(lease('1', [customer(7, { moveInDate: '08/20/2022' })], renewed))).toMatchObject([
      { stays: [{ moveIn: '2022-08-20', leaseStart: '2026-08-15', leaseEnd: '2027-07-31', status: 'current' }] },
    ]);
  });
  it.each(['+1 3035550142', '3035550142', '(303) 555-0142'])('a phone may look like %s', async (phoneNumber) => {
    const phones = { phone: [{ phoneType: 'mobile', phoneNumber, countryCode: 1 }] };
    expect((await only(lease('1', [customer(7, { phones })])))[0]?.phones).toMatchObject([
      { e164: '+13035550142', raw: phoneNumber },
    ]);
  });
  it('a phone of eleven digits is kept as it was written, and so is the person', async () => {
    const phones = { phone: [{ phoneType: 'mobile', phoneNumber: '+1 33035550142', countryCode: 1 }] };
    expect((await only(lease('1', [customer(7, { phones })])))[0]?.phones).toMatchObject([{ e164: null, raw: '+1 33035550142' }]);
  });
  it('charges, specials, pets and how one may pay change every month, and nobody changed', async () => {
    const noise = {
      scheduledCharges: { scheduledCharge: [{ id: 1, amount: '900.00', chargeCode: 'RENT' }] },
      specials: { special: [{ id: 4 }] },
      pets: { pet: { name: 'Rex' } },
      paymentAllowanceType: 'Block ACH',
      isRenewalBlacklist: '0',
      leaseSubStatus: 'Renewed',
    };
    const [before] = await only(lease('1', [customer(7)]));
    const [after] = await only(lease('1', [customer(7, { paymentAllowanceType: 'Cash Only' })], noise));
    expect(fingerprintOf(after!)).toBe(fingerprintOf(before!));
    const [moved] = await only(lease('1', [customer(7)], { ...noise, moveOutDate: '07/31/2027' }));
    expect(fingerprintOf(moved!)).not.toBe(fingerprintOf(before!));
  });
  it.each([
    ['a parent lease', { parentLeaseId: '55', parentUnitNumberCache: '204' }],
    [
      'the type of its interval alone',
      { leaseIntervals: { leaseInterval: interval('91', '08/15/2026', '', { leaseIntervalTypeId: '5' }) } },
    ],
    ['a date', { transferDate: '08/15/2026' }],
  ])('a transfer shows by %s, and the person by the customer id', async (_name, more) => {
    expect(await only(lease('1', [customer(7)], more))).toMatchObject([{ upstreamId: '7', stays: [{ transfer: true }] }]);
  });
});

describe('what integrators report (1.9)', () => {
  it('a gap renewal is a new customer id: two people here, whom directory proposes to staff', async () => {
    const same = { firstName: 'Noor', lastName: 'Haddad', emailAddress: 'noor@example.com' };
    const people = await only(
      lease('1', [customer(7, { ...same, leaseCustomerStatus: 'Past' })], { leaseStatusTypeId: '6', moveOutDate: '07/31/2026' }),
      lease('2', [customer(70, { ...same, leaseCustomerStatus: 'Future' })], { leaseStatusTypeId: '3' }),
    );
    expect(people).toMatchObject([
      { upstreamId: '70', stays: [{ status: 'future' }] },
      { upstreamId: '7', stays: [{ status: 'past' }] },
    ]);
  });
  it('a renewal that was cancelled ends nothing', async () => {
    const intervals = [
      interval('91', '08/15/2026', '07/31/2027', { intervalDateTime: '05/01/2026 09:00:00.000000 MDT' }),
      interval('92', '08/15/2027', '07/31/2028', {
        leaseIntervalStatusTypeName: 'Cancelled',
        intervalDateTime: '10/01/2026 09:00:00.000000 MDT',
      }),
    ];
    expect(await only(lease('1', [customer(7)], { leaseIntervals: { leaseInterval: intervals } }))).toMatchObject([
      { stays: [{ status: 'current', leaseEnd: '2027-07-31' }] },
    ]);
  });
  it('the status of the interval counts where the lease has none', async () => {
    const row = lease('1', [customer(7)], { leaseStatusTypeId: undefined, leaseIntervalStatus: 'Notice' });
    const answers: Answers = {
      getLeases: ({ params }) =>
        params['leaseStatusTypeIds'] === '1,3,4,5' ? ok({ leases: { lease: [row] } }, { 'x-total-count': '1' }) : nothing(),
    };
    expect((await swept(answers)).people).toMatchObject([{ stays: [{ status: 'notice' }] }]);
  });
});

describe('balances (1.7)', () => {
  const people = [customer(7), customer(8, { customerType: 'Co-Applicant' }), customer(9, { customerType: 'Occupant' })];
  const owed = async (ar: unknown, headers = { 'x-total-count': '1' }) => {
    const answers = {
      ...withLeases(lease('1', people)),
      getLeaseArTransactions: () => (ar === null ? nothing() : ok({ leases: { lease: ar } }, headers)),
    };
    return (await swept(answers, { withBalances: true })).people.map(({ balance }) => balance ?? null);
  };
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  it.each([
    [
      'of the lease: all who signed owe it',
      { id: '1', ledgers: { ledger: [{ balance: '125.50' }, { balance: 10 }] } },
      [usd(13_550), usd(13_550), null],
    ],
    ['as one ledger', { id: 1, ledgers: { ledger: { balance: '-20.00' } } }, [usd(-2000), usd(-2000), null]],
    [
      'within the customers, where the document draws them',
      { id: '1', customers: { customer: { id: 7, ledgers: { ledger: { balance: '5.00' } } } } },
      [usd(500), usd(0), null],
    ],
    ['without open items: nothing is owed', null, [usd(0), usd(0), null]],
    ['that cannot be read are not known', { id: '1', ledgers: { ledger: { balance: 'plenty' } } }, [null, null, null]],
  ])('%s', async (_name, ar, expected) => {
    expect(await owed(ar)).toEqual(expected);
  });
  it('are asked for in words of their own, and a failure of theirs is one of the sweep', async () => {
    const answers: Answers = { ...withLeases(lease('1', people)), getLeaseArTransactions: () => reply('<html>') };
    await expect(swept(answers, { withBalances: true })).rejects.toMatchObject({ code: 'not-readable' });
  });
});
