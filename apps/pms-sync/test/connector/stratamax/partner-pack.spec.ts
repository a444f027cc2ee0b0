import { silentLog } from '@leasewire/messaging';
import { fixedClock } from '@leasewire/testing';
import { stratamax } from '../../../src/connector/stratamax/stratamax.connector.js';
import { fakeVendor, reply, someProperty, sweep } from '../fake-vendor.js';

/** As it might be when StrataMax hands out its partner pack: other paths, header, paging and names, and nothing else is touched. */
jest.mock('../../../src/connector/stratamax/stratamax.mapping.js', () => ({
  stratamaxMapping: {
    keyHeader: 'ocp-subscription-key',
    paths: { sites: '/partner/v2/plans', lots: '/partner/v2/plans/{site}/roll' },
    paging: { page: 'offsetPage', size: 'take', perPage: 2, firstPage: 0 },
    envelope: { list: ['rows'], total: ['rowCount'], next: ['following'] },
    site: {
      ...{ id: ['planKey'], name: ['planTitle'], plan: ['planNo'], address: ['where'], line1: ['road'] },
      ...{ city: ['locality'], region: ['state'], postcode: ['pc'] },
    },
    lot: { id: ['rollKey'], number: ['lotLabel'], owners: ['holders'], ownerOccupied: ['livedInByOwner'] },
    owner: {
      ...{ roll: ['kind'], id: ['holderKey'], first: ['given'], last: ['family'], full: ['title'], company: ['entity'] },
      ...{ email: ['mail'], mobile: ['cell'], phone: ['landline'], occupies: ['residesHere'], committee: ['onCommittee'] },
    },
  },
}));

const roll = ['7', '8', '9'].map((id) => ({
  rollKey: `r${id}`,
  lotLabel: id,
  holders: [
    {
      holderKey: id,
      given: 'Rui',
      family: 'Silva',
      mail: `owner${id}@example.com`,
      cell: '0412 345 678',
      onCommittee: id === '8',
    },
  ],
}));

describe('StrataMax with the mapping of a partner pack', () => {
  const vendor = fakeVendor((request, url) => {
    const [page, take] = [Number(url.searchParams.get('offsetPage')), Number(url.searchParams.get('take'))];
    const rows = url.pathname === '/partner/v2/plans' ? [{ planKey: 'p6', planTitle: 'Harbour Plan' }] : roll;
    expect(request.headers?.['ocp-subscription-key']).toBe('secret-key-0001');
    return reply({ rows: rows.slice(page * take, (page + 1) * take), rowCount: rows.length });
  });
  const connector = stratamax.open({
    settings: {},
    credentials: { apiKey: 'secret-key-0001' },
    http: vendor,
    clock: fixedClock(),
    log: silentLog,
  });
  const property = someProperty({ upstreamId: 'p6', country: 'AU', timeZone: 'Australia/Brisbane' });

  it('tests the connection, and lists sites and lots', async () => {
    expect(await connector.test()).toMatchObject({ ok: true });
    expect(await connector.listProperties()).toMatchObject([{ id: 'p6', name: 'Harbour Plan' }]);
    expect((await connector.fetchUnits(property)).map(({ upstreamId, number }) => [upstreamId, number])).toEqual(
      roll.map(({ rollKey, lotLabel }) => [rollKey, lotLabel]),
    );
  });

  it('sweeps all pages of the roll, with the committee', async () => {
    const swept = await sweep(connector.fetchPeople(property, {}));
    expect(swept).toMatchObject({ complete: true, rejected: [] });
    expect(swept.people.map(({ upstreamId, email }) => [upstreamId, email])).toEqual(
      ['7', '8', '9'].map((id) => [id, `owner${id}@example.com`]),
    );
    const onCommittee = swept.people.filter(({ userTypes }) => userTypes.includes('committee'));
    expect(onCommittee.map(({ upstreamId }) => upstreamId)).toEqual(['8']);
  });
});
