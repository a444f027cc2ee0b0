import { z } from 'zod';
import { defineEvent } from '../define.js';
import { PersonId, PropertyId, ResidentId } from '../ids.js';
import { jobChanged } from '../jobs.js';
import { Property, Resident, Unit } from './words.js';

const at = '2026-11-24T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const property = {
  id: `prop_${body}`,
  name: 'Harbour Court',
  kind: 'rental',
  timeZone: 'Australia/Brisbane',
  country: 'AU',
  currency: 'AUD',
  address: { city: 'Brisbane' },
  importMode: 'automatic',
  serviceStartedAt: at,
  connectionId: `con_${body}`,
  policy: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
  lastSweepAt: at,
  state: 'active',
  version: 4,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof Property>;
const unit = {
  id: `unit_${body}`,
  propertyId: `prop_${body}`,
  buildingId: null,
  building: 'A',
  number: '204',
  bedrooms: [],
  source: 'pms',
  upstreamId: '204',
  lastSyncedAt: at,
  deletedUpstreamAt: null,
  version: 1,
} as const satisfies z.input<typeof Unit>;
const occupancy = {
  id: `occ_${body}`,
  unitId: `unit_${body}`,
  unit: 'A-204',
  bedroom: 'B',
  leaseId: '7001',
  status: 'current',
  from: '2026-02-01',
  until: null,
  leaseEnd: '2027-01-31',
  endedAt: null,
} as const;
const resident = {
  id: `res_${body}`,
  personId: `per_${body}`,
  propertyId: `prop_${body}`,
  name: { first: 'Noor', last: 'Haddad', raw: 'Haddad, Noor' },
  displayName: 'Noor Haddad',
  email: 'noor@example.com',
  phones: [{ e164: '+61412345678', raw: '0412 345 678', kind: 'mobile' }],
  userTypes: ['resident'],
  role: 'primary',
  state: 'active',
  assignable: true,
  occupancy,
  occupancies: [occupancy],
  leaseStatus: 'current',
  access: { from: at, until: null, open: true, reason: 'lease' },
  accountStatus: null,
  account: null,
  wifiStatus: null,
  balance: null,
  issues: [],
  sources: { email: 'pms' },
  upstreamId: '991',
  lastSyncedAt: at,
  archivedReason: null,
  version: 3,
  createdAt: at,
  updatedAt: at,
} satisfies z.input<typeof Resident>;

const aboutProperty = (name: `directory.property.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ property: Property }), { describe, view: 'residence.properties:view', example: { property } });
const aboutUnit = (name: `directory.unit.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ unit: Unit }), { describe, view: 'residence.residence:view', example: { unit } });
/** The whole residency, and which of its fields changed. */
const aboutResident = (name: `directory.${'resident' | 'occupancy'}.${string}`, describe: string) =>
  defineEvent(
    name,
    1,
    z.object({
      resident: Resident,
      changed: z.array(z.string()).describe('Fields that are different from before'),
      occupancyId: z.string().optional().describe('Which occupancy it is about'),
    }),
    {
      describe,
      view: 'residence.residence:view',
      example: { resident, changed: ['email'] },
    },
  );

export const propertyAdded = aboutProperty('directory.property.added', 'A property was added by hand or adopted from a PMS.');
export const propertyChanged = aboutProperty(
  'directory.property.changed',
  'A property, its policies, its language, its import mode or its link with a PMS changed.',
);
export const propertyServiceStarted = aboutProperty(
  'directory.property.service-started',
  'The silent time of a property is over: access is enforced and messages are sent.',
);
export const propertyArchived = aboutProperty('directory.property.archived', 'A property was put away.');
export const unitAdded = aboutUnit('directory.unit.added', 'A unit was added.');
export const unitRenamed = aboutUnit('directory.unit.renamed', 'A unit has another building, number or bedrooms.');
export const unitDeletedUpstream = aboutUnit(
  'directory.unit.deleted-upstream',
  'The PMS no longer has this unit, or has it again; staff remove it by hand.',
);
export const unitRemoved = aboutUnit('directory.unit.removed', 'A unit was removed for good.');
export const residentRegistered = aboutResident(
  'directory.resident.registered',
  'Somebody is known in a property for the first time, or again.',
);
export const residentImported = aboutResident('directory.resident.imported', 'A pending resident became active.');
export const residentDetailsChanged = aboutResident(
  'directory.resident.details-changed',
  'Name, contact details, language, user types or balance of a resident changed.',
);
export const residentStatusChanged = aboutResident(
  'directory.resident.status-changed',
  'Another service said something new of a resident, such as the account status; the row of the list shows it.',
);
export const residentAccessChanged = aboutResident(
  'directory.resident.access-changed',
  'Access of a resident opened, closed, or has other limits.',
);
export const residentArchived = aboutResident('directory.resident.archived', 'A resident left, was dismissed or archived.');
export const residentRestored = aboutResident('directory.resident.restored', 'An archived resident is back.');
export const occupancyStarted = aboutResident('directory.occupancy.started', 'A resident has an occupancy of a unit.');
export const occupancyChanged = aboutResident('directory.occupancy.changed', 'Status, dates or bedroom of an occupancy changed.');
export const occupancyEnded = aboutResident('directory.occupancy.ended', 'An occupancy is over.');
export const occupancyTransferred = aboutResident(
  'directory.occupancy.transferred',
  'A resident moved to another unit of the property; a personal key is kept.',
);
export const personErased = defineEvent(
  'directory.person.erased',
  1,
  z.object({
    personId: PersonId,
    propertyIds: z.array(PropertyId),
    residentIds: z.array(ResidentId).optional().describe('Who they were in these properties'),
  }),
  {
    describe: 'A person is to be forgotten by every service.',
    view: 'service',
    example: { personId: `per_${body}`, propertyIds: [`prop_${body}`], residentIds: [`res_${body}`] },
  },
);

export const directoryEvents = [
  propertyAdded,
  propertyChanged,
  propertyServiceStarted,
  propertyArchived,
  unitAdded,
  unitRenamed,
  unitDeletedUpstream,
  unitRemoved,
  residentRegistered,
  residentImported,
  residentDetailsChanged,
  residentStatusChanged,
  residentAccessChanged,
  residentArchived,
  residentRestored,
  occupancyStarted,
  occupancyChanged,
  occupancyEnded,
  occupancyTransferred,
  personErased,
  jobChanged('directory', 'residence.residence:view'),
] as const;
