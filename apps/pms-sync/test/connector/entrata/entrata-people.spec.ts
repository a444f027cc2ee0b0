import { someProperty, sweep } from '../fake-vendor.js';
import { anEntrata, customer, lease, withLeases } from './entrata-payloads.js';

const only = async (...leases: unknown[]) =>
  (await sweep(anEntrata(withLeases(...leases)).connector.fetchPeople(someProperty(), {}))).people;

describe('who is who on a lease', () => {
  it('is decided by customer id: two people may share an e-mail address, one may have two leases', async () => {
    const shared = { emailAddress: 'home@example.com' };
    expect(await only(lease('1', [customer(7, shared), customer(8, shared)]), lease('2', [customer(7, shared)]))).toMatchObject([
      { upstreamId: '7', stays: [{ leaseId: '1' }, { leaseId: '2' }] },
      { upstreamId: '8', stays: [{ leaseId: '1' }] },
    ]);
  });
  it.each([
    ['Primary', 'Primary', 'primary'],
    ['Co-Applicant', 'Roommate', 'co-applicant'],
    ['Occupant', 'Child', 'occupant'],
    ['Guarantor', 'Other', 'guarantor'],
    [undefined, 'Spouse', 'co-applicant'],
    ['Mascot', 'Other', 'other'],
  ])('%s, %s', async (customerType, relationshipName, role) => {
    expect(await only(lease('1', [customer(7, { customerType, relationshipName })]))).toMatchObject([{ role }]);
  });
  it('guaranteeing a lease is no stay beside a lease of one’s own', async () => {
    const people = await only(
      lease('1', [customer(7, { customerType: 'Guarantor' })]),
      lease('2', [customer(7, { leaseCustomerStatus: 'Past' })], { leaseStatusTypeId: '6' }),
    );
    expect(people).toMatchObject([{ role: 'primary', stays: [{ leaseId: '2', status: 'past' }] }]);
    expect(people[0]?.stays).toHaveLength(1);
  });
  it('a held bed is a placeholder, and so is the "Other" on it', async () => {
    const nobody = { emailAddress: undefined, phones: undefined, nameFull: undefined };
    const held = [
      customer(7, { ...nobody, firstName: 'Summer Conf', lastName: 'Bed 12' }),
      customer(8, { ...nobody, customerType: 'Occupant', relationshipName: 'Other' }),
    ];
    expect(await only(lease('1', held))).toMatchObject([{ role: 'placeholder' }, { role: 'placeholder' }]);
  });
  it('a Past co-applicant on a Current lease is gone, and only by their own move-out', async () => {
    const gone = customer(8, { customerType: 'Co-Applicant', leaseCustomerStatus: 'Past', moveOutDate: '10/01/2026' });
    expect(await only(lease('1', [customer(7), gone], { moveOutDate: '07/31/2027' }))).toMatchObject([
      { stays: [{ status: 'current', moveOut: '2027-07-31' }] },
      { stays: [{ status: 'past', moveOut: '2026-10-01' }] },
    ]);
  });
});

describe('where they live', () => {
  it.each([
    ['a bedroom of a unit', {}, { unitId: '301', unitName: 'A-301', bedroom: 'D' }],
    [
      'two bedrooms of one unit',
      { unitSpaces: { unitSpace: [{ unitSpaceId: 3012 }, { unitSpaceId: 3011, unitSpace: '301-A' }] } },
      { bedroom: 'A, B' },
    ],
    [
      'a whole unit',
      { unitId: '111', unitSpaces: { unitSpace: [{ unitSpaceId: 1110, unitSpace: '111' }] }, spaceConfiguration: undefined },
      { unitName: '111', bedroom: null },
    ],
    [
      'a unit that the list of units lacks',
      { unitId: '404', unitSpaces: { unitSpace: [{ unitSpaceId: 4041, unitSpace: '404-A1' }] } },
      { unitId: '404', unitName: '404', bedroom: 'A1' },
    ],
  ])('%s', async (_name, more, place) => {
    expect((await only(lease('1', [customer(7)], more)))[0]?.stays).toMatchObject([place]);
  });
  it('in two units by one lease: two stays', async () => {
    const two = {
      unitSpaces: {
        unitSpace: [
          { unitSpaceId: 3014, unitSpace: '301-D' },
          { unitSpaceId: 3021, unitSpace: '302-A' },
        ],
      },
    };
    expect((await only(lease('1', [customer(7)], two)))[0]?.stays).toMatchObject([
      { leaseId: '1', unitId: '301', bedroom: 'D' },
      { leaseId: '1:302', unitId: '302', unitName: '302', bedroom: 'A' },
    ]);
  });
  it('a transfer is two leases of one person: the old on Notice, the new in Future', async () => {
    const interval = { leaseIntervals: { leaseInterval: [{ id: '92', startDate: '12/01/2026', leaseIntervalTypeId: '5' }] } };
    const people = await only(
      lease('1', [customer(7, { leaseCustomerStatus: 'Notice' })], { leaseStatusTypeId: '5', moveOutDate: '11/30/2026' }),
      lease('2', [customer(7, { leaseCustomerStatus: 'Future', moveInDate: '12/01/2026' })], {
        leaseStatusTypeId: '3',
        unitId: '302',
        unitSpaces: {},
        ...interval,
      }),
    );
    expect(people).toMatchObject([
      {
        stays: [
          { leaseId: '1', status: 'notice', moveOut: '2026-11-30' },
          { leaseId: '2', status: 'future', unitId: '302', moveIn: '2026-12-01', transfer: true },
        ],
      },
    ]);
  });
  it('emergency contacts are nobody here', async () => {
    const people = await only(
      lease('1', [customer(7, { customerContacts: { customerContact: [{ id: 99, firstName: 'Mum' }] } })]),
    );
    expect(people.map(({ upstreamId }) => upstreamId)).toEqual(['7']);
  });
});
