import { countResidents, listResidents, type InputOf, type OrgId } from '@leasewire/contracts';
import { newId, silentLog, type Call } from '@leasewire/messaging';
import { Database, ensureIndexes } from '@leasewire/persistence';
import { freshDatabaseName, mongoUri, newOrgId, onCleanUp, staffActor } from '@leasewire/testing';
import { PropertyRepository, propertyDef } from '../../src/property/property.repository.js';
import { residentQuery, sortOf } from '../../src/resident-list/resident-filter.rules.js';
import { ResidentListService } from '../../src/resident-list/resident-list.service.js';
import { residentDef, ResidentRepository } from '../../src/resident/resident.repository.js';

/**
 * Not part of the tests. What the pages cost, and how many documents are looked at for it:
 *   RESIDENTS=100000 npx jest --testMatch '**\/residents.measure.ts' --verbose=false
 */
const count = Number(process.env['RESIDENTS'] ?? 100_000);
jest.setTimeout(600_000);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const pick = <T>(values: readonly T[], n: number): T => values[n % values.length]!;
const firsts = ['Ana', 'Ben', 'Chloe', 'Dmitri', 'Eun', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas'];
const lasts = ['Reyes', 'Haddad', 'Okafor', 'Nguyen', 'Larsen', 'Silva', 'Kowalski', 'Tanaka', 'Murphy', 'Rossi'];

/** So that no two columns go together. */
const mixed = (n: number, salt: number): number => (Math.imul(n + 1, 2654435761 + salt * 40503 * 2) >>> 7) ^ (n * salt);

function resident(orgId: OrgId, propertyId: string, n: number) {
  const [first, last] = [pick(firsts, n * 7), `${pick(lasts, n * 3 + Math.floor(n / 10))}${n % 997}`];
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000);
  const unit = String(n % 300).padStart(3, '0');
  return {
    _id: newId('res'),
    orgId,
    propertyId,
    personId: newId('per'),
    name: { first, last, raw: last },
    displayName: `${first} ${last}`,
    email: `p${n}@example.com`,
    phones: [],
    userTypes: [mixed(n, 2) % 50 ? 'resident' : 'committee'],
    role: 'primary',
    state: mixed(n, 3) % 10 === 0 ? 'archived' : mixed(n, 4) % 33 === 0 ? 'pending-import' : 'active',
    assignable: true,
    occupancy: null,
    occupancies: [],
    leaseStatus: pick(['current', 'current', 'current', 'notice', 'future'], n),
    access: { from: null, until: null, open: mixed(n, 5) % 4 !== 0, reason: 'lease' },
    accountStatus: pick(['live', 'live', 'pending-activation'], n),
    wifiStatus: mixed(n, 6) % 200 === 0 ? 'failing' : 'active',
    balance: null,
    issues: mixed(n, 7) % 40 ? [] : ['missing-email'],
    sources: {},
    upstreamId: String(n),
    lastSyncedAt: at,
    archivedReason: null,
    building: null,
    unitIds: [],
    search: [first.toLowerCase(), last.toLowerCase(), `p${n}@example.com`, `614${String(n).padStart(8, '0')}`, unit],
    sort: { name: `${first} ${last}`.toLowerCase(), lastName: `${last} ${first}`.toLowerCase(), unit: unit.padStart(10, '0') },
    upcoming: null,
    padding: 'x'.repeat(1500),
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
}

it('the residents page', async () => {
  const db = await Database.connect(await mongoUri(), freshDatabaseName(), silentLog);
  onCleanUp(() => db.close());
  await ensureIndexes(db, [residentDef, propertyDef], silentLog);
  const orgId = newOrgId();
  const properties = Array.from({ length: 100 }, () => newId('prop'));
  for (let from = 0; from < count; from += 5000)
    await db.db
      .collection('residents')
      .insertMany(
        Array.from({ length: Math.min(5000, count - from) }, (_, n) =>
          resident(orgId, pick(properties, mixed(from + n, 1)), from + n),
        ) as never[],
        { ordered: false },
      );
  const service = new ResidentListService(new ResidentRepository(db), new PropertyRepository(db));
  const actor = staffActor({ orgId });
  const call = { orgId, actor } as unknown as Call;
  const [propertyId] = properties;
  const pairs: InputOf<typeof listResidents>[] = [
    {},
    { sort: '-name' },
    { sort: 'lastName' },
    { sort: 'unit' },
    { sort: 'leaseStatus' },
    { sort: 'state' },
    { sort: '-updatedAt' },
    { sort: '-createdAt' },
    { propertyId },
    { propertyId, sort: 'unit' },
    { propertyId, sort: '-updatedAt', state: ['active'] },
    { propertyId, wifiStatus: ['failing'] },
    { leaseStatus: ['notice'] },
    { wifiStatus: ['failing'] },
    { userType: ['committee'] },
    { issue: ['missing-email'] },
    { access: 'closed', sort: 'lastName' },
    { state: ['pending-import'], sort: '-createdAt' },
    { search: 'reyes1' },
    { search: 'ana reyes' },
  ];
  for (const asked of pairs) {
    const input = listResidents.input.parse({ ...asked, limit: 50 });
    const took: number[] = [];
    let found = 0;
    for (let n = 0; n < 50; n++) {
      const since = performance.now();
      found = (await service.list(input, call)).items.length;
      took.push(performance.now() - since);
    }
    took.sort((a, b) => a - b);
    const { sort, limit: _limit, cursor: _cursor, withTotal: _total, ...filter } = input;
    const query = residentQuery(orgId, actor, filter);
    const order = sortOf(sort);
    const plan = await db.db
      .collection('residents')
      .find(query as never, { sort: { ...order, _id: Object.values(order)[0]! }, limit: 51 })
      .explain('executionStats');
    const { totalDocsExamined, totalKeysExamined } = plan['executionStats'] as Record<string, number>;
    say(
      `${JSON.stringify(asked)}: ${found}, p50 ${took[25]!.toFixed(1)} max ${took[49]!.toFixed(1)} ms, docs ${totalDocsExamined} keys ${totalKeysExamined}`,
    );
  }
  for (const asked of [{}, { propertyId }, { search: 'reyes' }, { wifiStatus: ['failing'] }]) {
    const input = countResidents.input.parse(asked);
    const took: number[] = [];
    for (let n = 0; n < 5; n++) {
      const since = performance.now();
      await service.count(input, call);
      took.push(performance.now() - since);
    }
    say(`count ${JSON.stringify(asked)}: ${took.map((ms) => ms.toFixed(0)).join(' ')} ms`);
  }
});
