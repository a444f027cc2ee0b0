import { entrata } from '../../../src/connector/entrata/entrata.connector.js';
import { wantedOf } from '../../../src/run/run-asks.rules.js';
import { someProperty, sweep, reply } from '../fake-vendor.js';
import { anEntrata, askedFor, customer, lease, nothing, ok, refused, withLeases, type Answers } from './entrata-payloads.js';

const property = someProperty();
const sweepOf = (answers: Answers, wanted = {}) => sweep(anEntrata(answers).connector.fetchPeople(property, wanted));
const only = async (...leases: unknown[]) => (await sweepOf(withLeases(...leases))).people;

describe('the envelope of Entrata (pms-apis.md 1.3)', () => {
  const one = { leases: { lease: [lease('1', [customer(7)])] } };
  const living = (answer: ReturnType<typeof reply>): Answers => ({
    getLeases: ({ params, page }) => (params['leaseStatusTypeIds'] === '1,3,4,5' && page === 1 ? answer : nothing()),
  });

  it.each([
    ['within response', { response: { code: 200, result: one } }],
    ['without response', { requestId: '15', code: '200', result: one }],
    ['with a code that is a string', { response: { code: '200', result: one } }],
  ])('is read %s', async (_name, body) => {
    expect((await sweepOf(living(reply(body)))).people).toMatchObject([{ upstreamId: '7' }]);
  });
  it('is zero rows when the result is a sentence', async () => {
    expect(await sweepOf({ getLeases: nothing })).toMatchObject({ people: [], complete: true });
  });
  it('is not zero rows when the sentence says something else', async () => {
    await expect(sweepOf({ getLeases: () => ok('An internal problem occurred') })).rejects.toMatchObject({
      code: 'not-readable',
      field: 'result',
    });
  });
  it('is not zero rows when it is silent: nobody is gone', async () => {
    const swept = await sweepOf({ getLeases: () => ok({}) });
    expect(swept).toMatchObject({ people: [], complete: false });
    expect(swept.why).toMatch(/empty answer/);
  });
  it.each([
    ['a wrong key', 1003, 'Invalid API key', 'unauthorized'],
    ['a method that is not permitted', 301, 'You do not have permission to access this method', 'forbidden'],
    ['a generic error', 300, 'Something went wrong', 'refused'],
    ['a limit', 429, 'Too many requests', 'rate-limited'],
    ['a property of others', 306, 'Property is not enabled for this user', 'forbidden'],
  ])('tells %s although the status is 200', async (_name, code, message, expected) => {
    await expect(sweepOf({ getLeases: () => refused(code, message) })).rejects.toMatchObject({ code: expected });
  });
  it.each([
    ['cut in the middle', '{"response":{"code":200,"res'],
    ['a page of HTML', '<html>busy</html>'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('is not readable when it is %s', async (_name, text) => {
    await expect(sweepOf({ getLeases: () => reply(text) })).rejects.toMatchObject({ code: 'not-readable' });
  });
});

describe('the rows of Entrata', () => {
  it('may be one object where a list belongs, everywhere', async () => {
    const single = lease('1', customer(7, { phones: { phone: { phoneNumber: '3035550142' } } }), {
      unitSpaces: { unitSpace: { unitSpaceId: 3014, unitSpace: '301-D' } },
      leaseIntervals: { leaseInterval: { id: '91', startDate: '08/15/2026', endDate: '07/31/2027' } },
    });
    const answers: Answers = {
      getLeases: ({ params }) =>
        params['leaseStatusTypeIds'] === '1,3,4,5' ? ok({ leases: { lease: single } }, { 'x-total-count': '1' }) : nothing(),
    };
    expect((await sweepOf(answers)).people).toMatchObject([
      { upstreamId: '7', stays: [{ bedroom: 'D', leaseEnd: '2027-07-31' }] },
    ]);
  });
  it('have ids that are numbers here and strings there', async () => {
    const people = await only(
      lease(1, [customer(7)]),
      lease('2', [customer('7', { leaseCustomerStatus: 'Future' })], { leaseStatusTypeId: 3 }),
    );
    expect(people).toMatchObject([
      {
        upstreamId: '7',
        stays: [
          { leaseId: '1', unitId: '301' },
          { leaseId: '2', status: 'future' },
        ],
      },
    ]);
  });
  it('leave keys out: that is no address, no phone, no date, and still a person', async () => {
    const bare = { id: 7, firstName: 'Ana', lastName: 'Silva' };
    expect(await only({ id: '1', leaseStatusTypeId: '4', customers: { customer: [bare] } })).toMatchObject([
      {
        upstreamId: '7',
        email: null,
        phones: [],
        stays: [{ status: 'current', unitId: null, unitName: null, moveIn: null, moveOut: null }],
      },
    ]);
  });
  it('come in the shape of r1 too', async () => {
    const old = {
      id: '1',
      leaseStatusTypeId: '4',
      buildingName: 'A',
      unitId: 301,
      unitNumberSpace: '301-B',
      unitSpaceId: '3012',
      transferLeaseId: '55',
      leaseActivities: {
        leasesActivity: [
          { date: '2026-08-15', eventType: 'Lease From' },
          { date: '07/31/2027', eventType: 'Lease To' },
          { date: '2026-08-16', eventType: 'Actual Move In' },
        ],
      },
      customers: {
        customer: [
          {
            id: 7,
            firstName: 'Ana',
            lastName: 'Silva',
            addresses: { address: { email: 'ana@example.com', phone: { phoneType: 'work', phoneNumber: '(303) 555-0142' } } },
          },
        ],
      },
    };
    expect(await only(old)).toMatchObject([
      {
        email: 'ana@example.com',
        phones: [{ e164: '+13035550142', kind: 'work' }],
        stays: [
          {
            bedroom: 'B',
            unitName: 'A-301',
            leaseStart: '2026-08-15',
            leaseEnd: '2027-07-31',
            moveIn: '2026-08-16',
            transfer: true,
          },
        ],
      },
    ]);
  });
  it.each([
    ['a lease without an id', { id: null }, 'id'],
    ['a status that nobody knows', { leaseStatusTypeId: '17', leaseIntervalStatus: 'Hovering' }, 'leaseStatusTypeId'],
  ])('reject %s by name, and the person with it', async (_name, broken, field) => {
    const swept = await sweepOf({
      getLeases: ({ params }) =>
        params['leaseStatusTypeIds'] === '1,3,4,5'
          ? ok({ leases: { lease: [lease('1', [customer(7)], broken)] } }, { 'x-total-count': '1' })
          : nothing(),
    });
    expect(swept).toMatchObject({ people: [], rejected: [{ upstreamId: '7', field }], complete: true });
  });
  it('that do not say who they are make a sweep incomplete', async () => {
    expect(await sweepOf(withLeases(lease('1', [customer(undefined), customer(8)])))).toMatchObject({
      people: [{ upstreamId: '8' }],
      rejected: [{ upstreamId: null, field: 'customers.customer.id' }],
      complete: false,
    });
  });
  it('with one unreadable lease of two give no half person', async () => {
    const swept = await sweepOf(withLeases(lease('1', [customer(7)]), lease(null, [customer(7)])));
    expect(swept).toMatchObject({ people: [], rejected: [{ upstreamId: '7' }] });
  });
});

describe('which leases are asked for', () => {
  it('all that live there or will, those gone since the bound, and cancelled moves: Entrata hides them by itself', async () => {
    const { connector, vendor } = anEntrata();
    await sweep(connector.fetchPeople(property, {}));
    expect(
      vendor.requests
        .map(askedFor)
        .filter(({ method }) => method === 'getLeases')
        .map(({ params }) => params),
    ).toEqual([
      { propertyId: '100', leaseStatusTypeIds: '1,3,4,5' },
      { propertyId: '100', leaseStatusTypeIds: '6', moveOutDateFrom: '08/01/2026' },
      { propertyId: '100', leaseStatusTypeIds: '2', moveInDateFrom: '08/01/2026' },
    ]);
  });
  it('of one person: every status', async () => {
    const { connector, vendor } = anEntrata();
    expect(await sweep(connector.fetchPeople(property, { people: ['7'] }))).toMatchObject({ people: [], complete: true });
    expect(vendor.requests.map(askedFor).at(-1)).toMatchObject({
      params: { customerId: '7', leaseStatusTypeIds: '1,2,3,4,5,6' },
    });
  });
  it('of one unit: by its number, without the same number elsewhere', async () => {
    const found = withLeases(lease('1', [customer(7)]), lease('2', [customer(8)], { unitId: '999', unitSpaces: {} }));
    const { connector, vendor } = anEntrata(found);
    expect((await sweep(connector.fetchPeople(property, { units: ['301'] }))).people).toMatchObject([{ upstreamId: '7' }]);
    expect(vendor.requests.map(askedFor)[1]?.params).toMatchObject({ unitNumber: '301', buildingName: 'A' });
  });
});

describe('who is in a unit that is asked for', () => {
  const in302 = { unitId: '302', unitSpaces: { unitSpace: { unitSpaceId: 3021 } } };
  const over = { leaseStatusTypeId: '6', moveOutDate: '11/30/2026' };
  const ofUnit = (...leases: unknown[]) => sweepOf(withLeases(...leases), { units: ['301'] });

  it('and moved within the property has the new home as well, or they would be taken for gone', async () => {
    const before = lease('1', [customer(7, { leaseCustomerStatus: 'Past' })], over);
    const { people } = await ofUnit(before, lease('2', [customer(7), customer(8)], in302));
    expect(people).toMatchObject([
      {
        upstreamId: '7',
        stays: [
          { leaseId: '1', unitId: '301', status: 'past' },
          { leaseId: '2', unitId: '302', status: 'current' },
        ],
      },
    ]);
  });
  it('and is to move within the property has what is to come as well, or it would be taken for cancelled', async () => {
    const notice = lease('1', [customer(7)], { leaseStatusTypeId: '5', moveOutDate: '12/31/2026' });
    const { people } = await ofUnit(notice, lease('2', [customer(7)], { ...in302, leaseStatusTypeId: '3' }));
    expect(people).toMatchObject([{ stays: [{ status: 'notice' }, { leaseId: '2', status: 'future' }] }]);
  });
  it('brings nobody else: of whom another lease names only that one would be known', async () => {
    const home = lease('3', [customer(9)]);
    const { people } = await ofUnit(
      home,
      lease('4', [customer(9), customer(7)], { ...in302, ...over }),
      lease('5', [customer(7)], in302),
    );
    expect(people.map(({ upstreamId }) => upstreamId)).toEqual(['9']);
  });
  it('and cannot be read in one of their leases is rejected, once', async () => {
    const swept = await ofUnit(lease('1', [customer(7), customer(undefined)]), lease(null, [customer(7)], in302));
    expect(swept.people).toEqual([]);
    expect(swept.rejected.map(({ upstreamId, field }) => [upstreamId, field])).toEqual([
      [null, 'customers.customer.id'],
      ['7', 'id'],
    ]);
  });
  it('is asked for with whoever is named, where the PMS has them somewhere else by now', async () => {
    const answers = withLeases(lease('1', [customer(7)]), lease('2', [customer(10)], in302));
    const { people } = await sweepOf(answers, { units: ['301'], people: ['10'] });
    expect(people.map(({ upstreamId, stays }) => [upstreamId, stays[0]?.unitId]).sort()).toEqual([
      ['10', '302'],
      ['7', '301'],
    ]);
  });
});

describe('how many requests a selection takes', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));
  const asked = async (chosen: Parameters<typeof wantedOf>[0]) => {
    const { connector, vendor } = anEntrata(withLeases(...ids(300).map((id) => lease(id, [customer(id)]))));
    await sweep(connector.fetchPeople(property, wantedOf(chosen, entrata.capabilities)));
    return vendor.requests.length;
  };
  it('is one for each of a few, and those of the whole property for many', async () => {
    expect(await asked({ people: ids(20), units: null })).toBe(1 + 20);
    expect(await asked({ people: ids(300), units: null })).toBeLessThanOrEqual(5);
    expect(await asked({ people: ids(300), units: ids(100) })).toBeLessThanOrEqual(5);
  });
});
