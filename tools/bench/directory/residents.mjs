import { newId } from '@leasewire/messaging';

const pick = (values, n) => values[n % values.length];
const firsts = ['Ana', 'Ben', 'Chloe', 'Dmitri', 'Eun', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas'];
const lasts = ['Reyes', 'Haddad', 'Okafor', 'Nguyen', 'Larsen', 'Silva', 'Kowalski', 'Tanaka', 'Murphy', 'Rossi'];
const day = 86_400_000;

/** So that no two columns go together. */
const mixed = (n, salt) => ((Math.imul(n + 1, 2654435761 + salt * 40503 * 2) >>> 7) ^ (n * salt)) >>> 0;

/** A resident as directory keeps one, of about the size that a real one has. */
function resident(orgId, propertyId, n, { alikeKey, searchOf }) {
  const [first, last] = [pick(firsts, n * 7), `${pick(lasts, n * 3 + Math.floor(n / 10))}${n % 997}`];
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000);
  const unit = String(n % 300).padStart(3, '0');
  const on = (salt) => new Date(Date.UTC(2026, 0, 1) + (mixed(n, salt) % 700) * day).toISOString();
  const email = mixed(n, 7) % 40 ? `p${n}@example.com` : null;
  const accountStatus = pick(['live', 'live', 'live', 'pending-activation', 'not-invited', 'activation-expired'], mixed(n, 8));
  const mailState = mixed(n, 9) % 100 === 0 ? 'bounced' : 'delivered';
  const mobile = String(mixed(n, 15) % 100_000_000).padStart(8, '0');
  const occupancy = {
    unit,
    endedAt: null,
    bedroom: null,
    from: on(10).slice(0, 10),
    until: mixed(n, 11) % 4 ? null : on(12).slice(0, 10),
  };
  const doc = {
    _id: newId('res'),
    orgId,
    propertyId,
    personId: newId('per'),
    name: { first, last, raw: last },
    displayName: `${first} ${last}`,
    email,
    phones: [{ e164: `+614${mobile}`, raw: `04${mobile}`, kind: 'mobile' }],
    userTypes: [mixed(n, 2) % 50 ? 'resident' : 'committee'],
    role: 'primary',
    state: mixed(n, 3) % 10 === 0 ? 'archived' : mixed(n, 4) % 33 === 0 ? 'pending-import' : 'active',
    assignable: true,
    occupancy,
    occupancies: [occupancy],
    leaseStatus: pick(['current', 'current', 'current', 'notice', 'future'], n),
    access: { from: null, until: null, open: mixed(n, 5) % 4 !== 0, reason: 'lease' },
    accountStatus,
    account:
      accountStatus === 'not-invited'
        ? null
        : {
            invitedAt: on(13),
            expiresAt: on(14),
            activatedAt: null,
            mail: { state: mailState, reason: null, at: on(13) },
            terms: null,
          },
    wifiStatus: mixed(n, 6) % 200 === 0 ? 'failing' : 'active',
    balance: null,
    issues: email === null ? ['missing-email'] : [],
    sources: {},
    upstreamId: String(n),
    lastSyncedAt: at,
    archivedReason: null,
    building: null,
    unitIds: [],
    sort: { name: `${first} ${last}`.toLowerCase(), lastName: `${last} ${first}`.toLowerCase(), unit: unit.padStart(10, '0') },
    upcoming: null,
    padding: 'x'.repeat(1200),
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  return { ...doc, alike: alikeKey(doc), search: searchOf(doc, doc.occupancies) };
}

/** `rules` are those by which directory itself derives what the lists read. */
export async function fill(collection, orgId, properties, count, rules) {
  for (let from = 0; from < count; from += 5000) {
    const some = Array.from({ length: Math.min(5000, count - from) }, (_, n) =>
      resident(orgId, pick(properties, mixed(from + n, 1)), from + n, rules),
    );
    await collection.insertMany(some, { ordered: false });
  }
}

/** Each was swept, so that a page has to say when. */
export const fillProperties = (collection, orgId, properties) => {
  const at = new Date();
  const kept = { orgId, lastSweepAt: at, state: 'active', version: 1, createdAt: at, updatedAt: at, padding: 'x'.repeat(600) };
  return collection.insertMany(properties.map((_id, n) => ({ ...kept, _id, name: `Property ${n}`, nameKey: `property ${n}` })));
};

/** What staff ask for most, and what is hardest to answer. */
export const pairsFor = (propertyId) => ({
  'all by name': {},
  'all by name, backwards': { sort: '-name' },
  'all by last name': { sort: 'lastName' },
  'all by unit': { sort: 'unit' },
  'all by lease status': { sort: 'leaseStatus' },
  'all by e-mail': { sort: 'email' },
  'all, changed last': { sort: '-updatedAt' },
  'all, moving out first': { sort: 'moveOut' },
  'a property by name': { propertyId },
  'a property by unit': { propertyId, sort: 'unit' },
  'a property, active, changed last': { propertyId, sort: '-updatedAt', state: ['active'] },
  'a property, account status': { propertyId, sort: 'accountStatus' },
  'on notice': { leaseStatus: ['notice'] },
  'Wi-Fi failing': { wifiStatus: ['failing'] },
  committee: { userType: ['committee'] },
  'missing e-mail': { issue: ['missing-email'] },
  'invitation bounced': { mailState: ['bounced'] },
  'activation expired': { accountStatus: ['activation-expired'] },
  'search: reyes1': { search: 'reyes1' },
  'search: ana reyes': { search: 'ana reyes' },
  'search: reyes1 an': { search: 'reyes1 an' },
  'search: ines 204': { search: 'ines 204' },
  'search: ines okafor1 204': { search: 'ines okafor1 204' },
});
/** As it is typed, each once and again: what was planned for one is not what is best for the next. */
export const typing =
  'an,ana,ana r,ana rey,ana reyes,ana reyes12,re,rey,reyes 2,reyes 20,reyes 204,0412,0412 34,p12,hugo n,li'.split(',');
/** The totals and facets of these are asked for. */
export const countedFor = (propertyId) => ({
  all: {},
  'a property': { propertyId },
  'search: reyes': { search: 'reyes' },
  'Wi-Fi failing': { wifiStatus: ['failing'] },
});
