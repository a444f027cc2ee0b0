import type { Simulators } from '../src/index.js';
import { act, entrata, leasesIn, leasesOf, propertyIn, residentsOf, start, today } from './ask.js';

describe('Entrata', () => {
  let simulators: Simulators;
  let home: string;
  let other: string;

  beforeEach(async () => {
    simulators = await start({ vendors: ['entrata'] });
    [home, other] = [...simulators.world().properties.keys()] as [string, string];
  });
  afterEach(() => simulators.close());

  const aLease = async (status = 'Current') =>
    (await residentsOf(simulators, home)).flatMap(({ stays, customerId }) =>
      stays.filter((one) => one.leaseStatus === status && one.role === 'primary').map((one) => ({ ...one, customerId })),
    )[0]!;
  const seen = async (leaseId: string) => (await leasesOf(simulators, home)).find(({ id }) => id === leaseId)!;

  it.each([
    ['the wrong key', { key: 'wrong' }, 401, 401],
    ['a method that is none', { key: undefined }, 200, 305],
  ])('says an error in the body: %s', async (_name, how, status, code) => {
    const reply = await entrata(simulators, 'leases', 'getNothing', {}, how.key === undefined ? {} : { key: how.key });
    expect(reply.status).toBe(status);
    expect(reply.json.response).toMatchObject({ requestId: '42', error: { code } });
  });

  it('knows the legacy address with Basic, where a wrong password is HTTP 200', async () => {
    const { url, subdomain, username, password } = simulators.entrata;
    const ask = async (secret: string, path: string) => {
      const headers = { Authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` };
      const body = JSON.stringify({
        auth: { type: 'basic' },
        requestId: 15,
        method: { name: 'getStatus', version: 'r1', params: {} },
      });
      const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body });
      return { status: reply.status, json: (await reply.json()) as { response: { code?: number; error?: { code: number } } } };
    };
    expect((await ask(password, '/api/v1/status')).json.response.code).toBe(200);
    expect((await ask(password, `/${subdomain}/api/status`)).json.response.code).toBe(200);
    expect((await ask(password, '/elsewhere/api/v1/status')).status).toBe(404);
    expect(await ask('wrong', '/api/v1/status')).toMatchObject({ status: 200, json: { response: { error: { code: 113 } } } });
  });

  it('shows Current and Notice unless other statuses are asked for', async () => {
    const usual = await entrata(simulators, 'leases', 'getLeases', { propertyId: home });
    const statuses = leasesIn(usual).map((one) => one.leaseStatusTypeId);
    expect([...new Set(statuses)].sort()).toEqual(['4', '5']);
  });

  it('answers an empty list with a sentence, and more than one property with an error', async () => {
    const none = await entrata(simulators, 'leases', 'getLeases', { propertyId: home, leaseStatusTypeIds: '2' });
    expect(none.json.response).toEqual({ requestId: '42', code: 200, result: 'No records found with mentioned preferences.' });
    const two = await entrata(simulators, 'leases', 'getLeases', { propertyId: `${home},${other}` });
    expect(two.json.response.error.code).toBe(302);
  });

  it('pages all leases once, and tells the total and the next page', async () => {
    const all = (await leasesOf(simulators, home)).map(({ id }) => id);
    const paged: string[] = [];
    for (let number = 1; paged.length < all.length; number += 1) {
      const params = { propertyId: home, leaseStatusTypeIds: '3,4,5,6' };
      const reply = await entrata(simulators, 'leases', 'getLeases', params, { query: `?page_no=${number}&per_page=7` });
      expect(reply.headers.get('x-total-count')).toBe(String(all.length));
      paged.push(...leasesIn(reply).map(({ id }) => id));
      expect(reply.headers.get('link')?.includes('rel="next"')).toBe(paged.length < all.length);
    }
    expect(paged).toEqual(all);
  });

  it('writes r1 otherwise: one space by name, the e-mail in the address', async () => {
    const reply = await entrata(
      simulators,
      'leases',
      'getLeases',
      { propertyId: home },
      { version: 'r1', query: '?page_no=1&per_page=2' },
    );
    const lease = leasesIn(reply)[0]!;
    expect(reply.json.response.result.meta).toMatchObject({ currentPage: 1, perPage: 2 });
    expect(lease).toMatchObject({
      unitNumberSpace: expect.any(String) as string,
      moveInDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    });
    expect(lease.customers.customer[0]!.addresses.address[0]!.addressType).toBe('Primary');
    expect(lease.customers.customer[0]!.emailAddress).toBeUndefined();
  });

  it('moves somebody in, and out', async () => {
    const { leaseId, customerId } = await act(simulators, 'move-in', {
      propertyId: home,
      person: { firstName: 'New', email: 'new@example.com' },
    });
    const lease = await seen(leaseId!);
    expect(lease).toMatchObject({ leaseStatusTypeId: '4', moveInDate: '08/20/2026' });
    expect(lease.customers.customer[0]).toMatchObject({
      id: Number(customerId),
      firstName: 'New',
      emailAddress: 'new@example.com',
    });
    await act(simulators, 'move-out', { leaseId });
    expect(await seen(leaseId!)).toMatchObject({ leaseStatusTypeId: '6', moveOutDate: '08/20/2026' });
  });

  it('lets somebody of the future arrive when their day comes, and who gave notice leave', async () => {
    const coming = await act(simulators, 'move-in', { propertyId: home, date: '2026-08-23' });
    const leaving = await aLease();
    await act(simulators, 'give-notice', { leaseId: leaving.leaseId, date: '2026-08-22' });
    expect([await seen(coming.leaseId!), await seen(leaving.leaseId)].map((one) => one.leaseStatusTypeId)).toEqual(['3', '5']);
    await act(simulators, 'advance', { days: 3 });
    expect([await seen(coming.leaseId!), await seen(leaving.leaseId)].map((one) => one.leaseStatusTypeId)).toEqual(['4', '6']);
  });

  it('transfers with a new lease id: for a while the old is Notice, the new Future, and neither Current', async () => {
    const old = await aLease();
    const made = await act(simulators, 'transfer', { leaseId: old.leaseId, date: '2026-09-01' });
    expect(made.leaseId).not.toBe(old.leaseId);
    expect(await seen(old.leaseId)).toMatchObject({ leaseStatusTypeId: '5', moveOutDate: '09/01/2026' });
    const lease = await seen(made.leaseId!);
    expect(lease).toMatchObject({ leaseStatusTypeId: '3', parentLeaseId: old.leaseId, unitId: made.unitId });
    expect(lease.leaseIntervals.leaseInterval[0]!.leaseIntervalTypeId).toBe('5');
    expect(lease.customers.customer.map(({ id }) => String(id))).toContain(old.customerId);
    await act(simulators, 'advance', { to: '2026-09-01' });
    expect([await seen(old.leaseId), await seen(made.leaseId!)].map((one) => one.leaseStatusTypeId)).toEqual(['6', '4']);
  });

  it('transfers to another property at once', async () => {
    const old = await aLease();
    const made = await act(simulators, 'transfer', { leaseId: old.leaseId, propertyId: other });
    expect((await seen(old.leaseId)).leaseStatusTypeId).toBe('6');
    expect((await leasesOf(simulators, other)).find(({ id }) => id === made.leaseId)).toMatchObject({ leaseStatusTypeId: '4' });
  });

  it('makes a new customer of who renews after a gap', async () => {
    const old = await aLease();
    const made = await act<{ leaseId: string; customerIds: string[] }>(simulators, 'renew-gap', {
      leaseId: old.leaseId,
      moveOut: today,
      moveIn: '2026-09-05',
    });
    expect((await seen(old.leaseId)).leaseStatusTypeId).toBe('6');
    expect(made.customerIds.length).toBeGreaterThan(0);
    expect(made.customerIds).not.toContain(old.customerId);
    expect((await seen(made.leaseId)).leaseStatusTypeId).toBe('3');
  });

  it('renews under the same lease: the new interval counts from its day', async () => {
    const { leaseId, leaseEnd } = await aLease();
    await act(simulators, 'renew', { leaseId, until: '2030-07-31' });
    const interval = async () => (await seen(leaseId)).leaseIntervals.leaseInterval;
    expect(await interval()).toMatchObject([{ leaseIntervalTypeId: '1', leaseIntervalStatusTypeName: 'Current' }]);
    await act(simulators, 'advance', { to: '2029-01-01' });
    expect(leaseEnd! < '2029-01-01').toBe(true);
    expect(await interval()).toMatchObject([
      { leaseIntervalTypeId: '3', leaseIntervalStatusTypeName: 'Current', endDate: '07/31/2030' },
    ]);
  });

  it('leaves no trace of what cannot be done', async () => {
    const past = await aLease('Past');
    const before = await simulators.control.get('state');
    await expect(act(simulators, 'transfer', { leaseId: past.leaseId })).rejects.toThrow('is Past');
    await expect(act(simulators, 'renew-gap', { leaseId: past.leaseId, moveOut: today, moveIn: today })).rejects.toThrow(
      'is Past',
    );
    expect(await simulators.control.get('state')).toEqual(before);
  });

  it('changes a person, a bedroom and a unit', async () => {
    const lease = (await residentsOf(simulators, home)).flatMap((one) =>
      one.stays.map((stay) => ({ ...stay, customerId: one.customerId })),
    );
    const unit = [...simulators.world().units.values()].find(
      ({ by, bedrooms, propertyId }) => propertyId === home && by === 'bed' && bedrooms.length > 1,
    )!;
    const stay = lease.find(
      ({ unitId, leaseStatus, role }) => unitId === unit.id && leaseStatus !== 'Past' && role === 'primary',
    )!;
    await act(simulators, 'change', { customerId: stay.customerId, firstName: 'Zed', email: null, phone: '(217) 555-0101' });
    const to = unit.bedrooms.find(({ id }) => !stay.bedroomIds.includes(id))!;
    await act(simulators, 'change-bedroom', { leaseId: stay.leaseId, bedroomId: to.id });
    await act(simulators, 'rename-unit', { unitId: unit.id, number: 'PH-1' });
    const after = await seen(stay.leaseId);
    const person = after.customers.customer.find(({ id }) => String(id) === stay.customerId)!;
    expect(person).toMatchObject({ firstName: 'Zed', phones: { phone: [{ phoneNumber: '(217) 555-0101' }] } });
    expect(person.emailAddress).toBeUndefined();
    expect(after.unitSpaces.unitSpace).toEqual([{ unitSpaceId: Number(to.id), unitSpace: `PH-1-${to.name}` }]);
  });

  it.each([
    ['co-applicant', 'Co-Applicant', 'Roommate'],
    ['occupant', 'Occupant', 'Other'],
    ['child', 'Occupant', 'Child'],
    ['guarantor', 'Guarantor', 'Guarantor'],
  ])('adds a %s', async (role, customerType, relationshipName) => {
    const { leaseId } = await aLease();
    const { customerId } = await act(simulators, 'add-person', { leaseId, role });
    const added = (await seen(leaseId)).customers.customer.find(({ id }) => String(id) === customerId);
    expect(added).toMatchObject({ customerType, relationshipName });
  });

  it('deletes a unit: only getPropertyUnits tells', async () => {
    const { unitId, leaseId } = await aLease();
    await act(simulators, 'delete-unit', { unitId });
    const reply = await entrata(simulators, 'propertyunits', 'getPropertyUnits', { propertyIds: home }, { version: 'r1' });
    const units = reply.json.response.result.properties.property[0]!.units.unit.map(({ id }) => String(id));
    expect(units).not.toContain(unitId);
    expect(await seen(leaseId)).toMatchObject({ unitId });
  });

  it('has what is owed in the ledger, until it is paid', async () => {
    const { leaseId } = await aLease();
    const balance = async () => {
      const reply = await entrata(
        simulators,
        'artransactions',
        'getLeaseArTransactions',
        { propertyId: home, leaseIds: leaseId },
        { version: 'r1' },
      );
      return leasesIn(reply)[0]!.ledgers.ledger[0]!.balance;
    };
    await act(simulators, 'owe', { leaseId, cents: 12_345 });
    expect(await balance()).toBe('123.45');
    await act(simulators, 'pay', { leaseId });
    expect(await balance()).toBe('0.00');
  });

  it('lists properties, and says which it does not give', async () => {
    const all = await entrata(simulators, 'properties', 'getProperties', {}, { version: 'r1' });
    expect(all.json.response.result.PhysicalProperty.Property.map(({ PropertyID }) => PropertyID)).toEqual([home, other]);
    const foreign = await entrata(simulators, 'leases', 'getLeases', { propertyId: '1' });
    expect(foreign.json.response.error.code).toBe(303);
    expect(propertyIn(simulators, 'entrata')).toBe(home);
  });

  it('says plainly what cannot be done', async () => {
    await expect(act(simulators, 'move-out', { leaseId: '1' })).rejects.toThrow('There is no lease 1');
    await expect(act(simulators, 'move-in', { propertyId: home, unit: 'x' })).rejects.toThrow('Unrecognized key');
  });
});
