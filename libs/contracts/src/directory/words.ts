import { z } from 'zod';
import {
  BedroomId,
  BuildingId,
  HoldId,
  OccupancyId,
  PersonId,
  PropertyId,
  ResidentId,
  SyncRunId,
  UnitId,
  UpcomingChangeId,
} from '../ids.js';
import {
  AccountStatus,
  ActorRef,
  EmailAddress,
  Instant,
  LeaseStatus,
  LocalDate,
  Money,
  ResidentState,
  TimeZone,
  UserType,
  WifiStatus,
} from '../words.js';
import { Locale } from '../identity/words.js';

const text = (most: number) => z.string().trim().min(1).max(most);

export const PropertyKind = z
  .enum(['rental', 'strata'])
  .meta({ id: 'PropertyKind', description: 'Leases with dates, or lots with owners' });
export const ImportMode = z.enum(['manual', 'automatic']).meta({
  id: 'ImportMode',
  description: 'manual: new people wait in Pending Import; automatic: they are active at once',
});
export const Address = z
  .object({
    line1: z.string().max(200).optional(),
    line2: z.string().max(200).optional(),
    city: z.string().max(100).optional(),
    region: z.string().max(100).optional(),
    postcode: z.string().max(20).optional(),
  })
  .meta({ id: 'Address' });
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .describe('ISO 3166-1 alpha-2, such as AU');

/** The windows that directory decides by; the rest of a property's policies belongs to pms-sync. */
export const AccessPolicy = z
  .object({
    futureMoveInDays: z.int().min(0).max(90).describe('Access opens this many days before the move-in'),
    futureMoveOutDays: z
      .int()
      .min(0)
      .max(90)
      .describe('Access stays this many days after the move-out; 0: it ends as soon as the PMS says that they have left'),
    staleAfterDays: z.int().min(1).max(90).describe('Nothing closes on data older than this'),
  })
  .meta({ id: 'AccessPolicy' });
export type AccessPolicy = z.infer<typeof AccessPolicy>;

export const Property = z
  .object({
    id: PropertyId,
    name: text(200),
    kind: PropertyKind,
    timeZone: TimeZone,
    country: Country,
    currency: z.string().regex(/^[A-Z]{3}$/),
    address: Address,
    language: Locale.nullable()
      .optional()
      .describe('In which its residents are written to of whom nobody has said another; null: English'),
    importMode: ImportMode,
    /** Before it, people are known and nothing is sent or enforced. */
    serviceStartedAt: Instant.nullable().describe(
      'When staff pressed Start service or Go Live; null: the first import is silent',
    ),
    connectionId: z.string().nullable().describe('The PMS connection it is kept in step with; null: by hand'),
    policy: AccessPolicy,
    lastSweepAt: Instant.nullable().describe('When the last complete sweep was fetched'),
    state: z.enum(['active', 'archived']),
    counts: z.object({ units: z.int(), residents: z.int(), pendingImport: z.int() }).optional(),
    version: z.int().nonnegative(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Property' });
export type Property = z.infer<typeof Property>;

export const Bedroom = z.object({ id: BedroomId, name: text(50), upstreamId: z.string().nullable() }).meta({ id: 'Bedroom' });
export const SyncLight = z.enum(['synced', 'unchanged', 'stale', 'waiting', 'deleted', 'by-hand']).meta({
  id: 'SyncLight',
  description:
    'What the last complete sync made of a unit and who lives there. synced: green, something was new. unchanged: SKIP. stale: the last one is too long ago. waiting: for the first one',
});
export const Unit = z
  .object({
    id: UnitId,
    propertyId: PropertyId,
    buildingId: BuildingId.nullable(),
    building: z.string().max(100).nullable(),
    number: text(50).describe('The unit; in a strata the lot'),
    pmsSays: z
      .object({ building: z.string().nullable(), number: z.string() })
      .optional()
      .describe('What the PMS calls it, where staff gave it another name: theirs stays over later syncs until it is reset'),
    bedrooms: z.array(Bedroom).max(50),
    residents: z.int().nonnegative().optional().describe('How many live there now'),
    source: z.enum(['pms', 'staff']),
    upstreamId: z.string().nullable(),
    lastSyncedAt: Instant.nullable(),
    deletedUpstreamAt: Instant.nullable().describe('The PMS no longer has it; it is removed by hand'),
    syncLight: SyncLight.optional(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'Unit' });
export type Unit = z.infer<typeof Unit>;

export const ResidentName = z
  .object({
    first: z.string().max(100),
    last: z.string().max(100),
    preferred: z.string().max(100).optional(),
    company: z.string().max(200).optional(),
    raw: z.string().max(300).describe('As the source wrote it'),
  })
  .meta({ id: 'ResidentName' });
export const Phone = z
  .object({
    e164: z
      .string()
      .regex(/^\+[1-9]\d{4,14}$/)
      .nullable(),
    raw: z.string().max(60),
    kind: z.enum(['mobile', 'home', 'work', 'other']),
  })
  .meta({ id: 'Phone' });

export const Stay = z
  .object({
    leaseId: z.string().max(100),
    unitId: z.string().max(100).nullable().describe('The unit’s id in the PMS'),
    unitName: z.string().max(100).nullable(),
    bedroom: z.string().max(50).nullable(),
    status: LeaseStatus,
    moveIn: LocalDate.nullable(),
    moveOut: LocalDate.nullable(),
    leaseStart: LocalDate.nullable(),
    leaseEnd: LocalDate.nullable(),
    transfer: z.boolean().optional(),
  })
  .meta({ id: 'Stay', description: 'One lease or ownership of one person, as the PMS says it' });
export type Stay = z.infer<typeof Stay>;

export const UpstreamRole = z.enum([
  'primary',
  'co-applicant',
  'occupant',
  'guarantor',
  'placeholder',
  'owner',
  'tenant',
  'committee',
  'other',
]);
export const UpstreamPerson = z
  .object({
    upstreamId: z.string().min(1).max(100).describe('The vendor’s customer id; never the e-mail address'),
    name: ResidentName,
    email: EmailAddress.nullable(),
    emailRaw: z.string().max(300).optional(),
    phones: z.array(Phone).max(10),
    userTypes: z.array(UserType).max(5),
    role: UpstreamRole,
    stays: z.array(Stay).max(50),
    balance: Money.nullable().optional().describe('What they owe; null: not known'),
    language: Locale.nullable()
      .optional()
      .describe('Which they read; null: none any more. Left out: it says nothing of languages, and what it said before stays'),
  })
  .meta({ id: 'UpstreamPerson', description: 'One human in one property, with all their stays, as the PMS says it' });
export type UpstreamPerson = z.infer<typeof UpstreamPerson>;

export const UpstreamUnit = z
  .object({
    upstreamId: z.string().min(1).max(100),
    building: z.string().max(100).nullable(),
    number: text(50),
    bedrooms: z.array(z.object({ upstreamId: z.string().max(100), name: text(50) })).max(50),
  })
  .meta({ id: 'UpstreamUnit' });
export type UpstreamUnit = z.infer<typeof UpstreamUnit>;

export const Access = z
  .object({
    from: Instant.nullable(),
    until: Instant.nullable(),
    open: z.boolean().describe('Whether it is open now'),
    reason: z.enum([
      'lease',
      'notice',
      'owner',
      'committee',
      'staff-granted',
      'staff-denied',
      'not-yet',
      'moved-out',
      'not-imported',
      'service-not-started',
      'archived',
      'none',
    ]),
  })
  .meta({ id: 'Access', description: 'From when to when someone may use the network, and why' });
export type Access = z.infer<typeof Access>;

export const Occupancy = z
  .object({
    id: OccupancyId,
    unitId: UnitId.nullable(),
    unit: z.string().nullable().describe('Building and number as shown'),
    bedroom: z.string().nullable(),
    leaseId: z.string().nullable(),
    status: LeaseStatus,
    from: LocalDate.nullable(),
    until: LocalDate.nullable(),
    leaseEnd: LocalDate.nullable(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'Occupancy' });
export type Occupancy = z.infer<typeof Occupancy>;

export const Issue = z
  .enum([
    'missing-email',
    'junk-email',
    'missing-phone',
    'unreadable-phone',
    'shared-email',
    'unknown-unit',
    'possible-duplicate',
    'name-unclear',
  ])
  .meta({ id: 'ResidentIssue' });
export const FieldSource = z.enum(['pms', 'staff', 'resident']);

export const AccountMailState = z
  .enum(['planned', 'queued', 'sent', 'delivered', 'bounced', 'failed', 'skipped', 'unknown'])
  .meta({ id: 'AccountMailState', description: 'What became of the last invitation mail' });
/** Columns whose owner is onboarding; directory shows what it was told last. */
export const AccountColumns = z
  .object({
    invitedAt: Instant.nullable().describe('When the last invitation was sent'),
    expiresAt: Instant.nullable().describe('Until when its link works, or worked'),
    activatedAt: Instant.nullable(),
    mail: z.object({ state: AccountMailState, reason: z.string().nullable(), at: Instant }).nullable(),
    terms: z
      .object({
        version: z.int(),
        propertyId: PropertyId.nullable()
          .optional()
          .describe('Whose text it was, for each counts its own versions; null: the organization’s or the platform’s'),
        acceptedAt: Instant,
      })
      .nullable()
      .describe('The terms that the person agreed to last'),
  })
  .meta({ id: 'AccountColumns', description: 'The invitation and account of the person, as onboarding says' });
export type AccountColumns = z.infer<typeof AccountColumns>;

/** The row of the Residents page. */
export const Resident = z
  .object({
    id: ResidentId,
    personId: PersonId,
    propertyId: PropertyId,
    name: ResidentName,
    displayName: z.string().max(220),
    email: EmailAddress.nullable(),
    phones: z.array(Phone).max(10),
    language: Locale.nullable()
      .optional()
      .describe(
        'In which they are written to, and their pages open: what they chose themselves, else what staff say, else the PMS or file, else that of the property; null: nobody has said, which is English. `sources.language` says whose word it is; without it, the property’s',
      ),
    userTypes: z.array(UserType),
    role: UpstreamRole.nullable(),
    state: ResidentState,
    assignable: z.boolean().describe('Outside request systems may assign requests to them'),
    /** The occupancy that counts now: current or notice, else the next one, else the last one. */
    occupancy: Occupancy.nullable(),
    occupancies: z.array(Occupancy).max(50),
    leaseStatus: LeaseStatus.nullable(),
    access: Access,
    accountStatus: AccountStatus.nullable().describe('null: not told by onboarding yet'),
    account: AccountColumns.nullable().default(null).describe('null: not told by onboarding yet'),
    wifiStatus: WifiStatus.nullable().describe('null: not told by network-access yet'),
    balance: Money.nullable(),
    issues: z.array(Issue),
    sources: z.record(z.string(), FieldSource).describe('Field → who said it; staff wins over later syncs until it is reset'),
    upstreamId: z.string().nullable(),
    lastSyncedAt: Instant.nullable(),
    archivedReason: z.enum(['moved-out', 'gone-upstream', 'staff', 'dismissed', 'erased']).nullable(),
    version: z.int().nonnegative(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Resident' });
export type Resident = z.infer<typeof Resident>;

export const UpcomingChange = z
  .object({
    id: UpcomingChangeId,
    propertyId: PropertyId,
    residentId: ResidentId,
    name: z.string(),
    what: z.enum(['move-in', 'move-out', 'transfer']),
    unit: z.string().nullable(),
    toUnit: z.string().nullable(),
    bedroom: z.string().nullable(),
    on: LocalDate,
    takesEffectAt: Instant,
  })
  .meta({ id: 'UpcomingChange' });

export const TimelineEntry = z
  .object({
    id: z.string(),
    at: Instant,
    what: z.string(),
    text: z.string(),
    by: ActorRef,
    source: z.enum(['pms', 'staff', 'resident', 'system']),
    runId: SyncRunId.optional(),
    holdId: HoldId.optional(),
    changes: z.array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })).max(50),
  })
  .meta({ id: 'TimelineEntry' });

/** What directory made of one person of a sync: the answer is the outcome. */
export const SyncOutcome = z.enum(['synced', 'unchanged', 'skipped', 'failed', 'held']).meta({ id: 'SyncOutcome' });
export const Decision = z.enum(['register', 'update', 'transfer', 'deactivate', 'none']).meta({ id: 'SyncDecision' });
export const PersonOutcome = z
  .object({
    upstreamId: z.string(),
    residentId: ResidentId.nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    outcome: SyncOutcome,
    decision: Decision,
    announced: z.boolean().optional().describe('Of a removal: it was known as upcoming before'),
    reason: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'PersonOutcome' });
export type PersonOutcome = z.infer<typeof PersonOutcome>;

export const EditedVersion = z
  .int()
  .nonnegative()
  .optional()
  .describe('The version that is edited; refused when it is not the newest');
