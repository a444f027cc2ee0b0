import { z } from 'zod';
import { ConnectionId, CsvImportId, HoldId, PropertyId, ResidentId, SyncRunId } from '../ids.js';
import { ActorRef, Instant, Money, TimeZone, UserType } from '../words.js';
import { Address, Decision, PropertyKind, SyncOutcome } from '../directory/words.js';

export const PmsName = z.enum(['entrata', 'buildium', 'propertyiq', 'stratamax', 'csv']).meta({ id: 'PmsName' });
export type PmsName = z.infer<typeof PmsName>;

/** A platform that can be connected, and what its form asks for. */
export const Platform = z
  .object({
    pms: PmsName,
    label: z.string(),
    kind: z.enum(['rental', 'strata', 'both']),
    verified: z.boolean().describe('false: built from what is public, and not yet seen with a real account'),
    can: z
      .object({
        balances: z.boolean().describe('It tells what people owe'),
        deltas: z.boolean().describe('It tells what changed since'),
        webhooks: z.boolean().describe('It tells by itself, at the address of the connection'),
        oneResident: z.boolean().describe('false: for one resident all are read'),
        oneUnit: z.boolean().describe('false: for one unit all are read'),
      })
      .describe('What this platform lets us ask'),
    fields: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        secret: z.boolean(),
        required: z.boolean(),
        hint: z.string().optional(),
        options: z.array(z.string()).optional(),
      }),
    ),
  })
  .meta({ id: 'Platform' });

export const Diagnosis = z
  .object({
    ok: z.boolean(),
    code: z.enum([
      'ok',
      'wrong-address',
      'wrong-key',
      'method-not-permitted',
      'property-not-permitted',
      'rate-limited',
      'unreachable',
      'unexpected-answer',
    ]),
    message: z.string().describe('In plain words, and what to do'),
  })
  .meta({ id: 'ConnectionDiagnosis' });
export type Diagnosis = z.infer<typeof Diagnosis>;

export const ConnectionHealth = z
  .object({
    state: z.enum(['new', 'healthy', 'failing', 'paused']),
    lastSuccessAt: Instant.nullable(),
    lastError: z.object({ at: Instant, code: z.string(), message: z.string() }).nullable(),
    failures: z.int().nonnegative().describe('In a row'),
    nextRunAt: Instant.nullable(),
    rateBudgetLeft: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Share of the tightest window that the vendor says is left; null: not told'),
    stale: z
      .int()
      .nonnegative()
      .describe('Properties that were not swept completely for longer than three of their intervals, or a night and a half'),
  })
  .meta({ id: 'ConnectionHealth' });

export const Connection = z
  .object({
    id: ConnectionId,
    name: z.string(),
    pms: PmsName,
    settings: z.record(z.string(), z.string()).describe('What is not secret; credentials are never shown'),
    credentialsSetAt: Instant,
    health: ConnectionHealth,
    properties: z.int().nonnegative(),
    state: z.enum(['active', 'paused', 'disconnected']),
    version: z.int().nonnegative(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

export const UpstreamProperty = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: PropertyKind,
    address: Address.optional(),
    country: z.string().optional(),
    timeZone: TimeZone.optional(),
    unitCount: z.int().optional(),
    propertyId: PropertyId.nullable().optional().describe('Adopted as'),
  })
  .meta({ id: 'UpstreamProperty' });

export const SyncPolicy = z
  .object({
    everyMinutes: z.int().min(5).max(1440).nullable().describe('null: nightly'),
    nightlyAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .describe('In the zone of the property'),
    occupants: z.boolean().describe('Also people who live there without having signed'),
    guarantors: z.boolean(),
    withoutEmail: z.boolean().describe('Also people without an e-mail address'),
    brakeShare: z.number().min(0).max(1).describe('More unannounced removals than this share of those living there are held'),
    brakeCount: z.int().min(1).max(10_000).describe('And more than this many'),
    growthShare: z.number().min(0).max(100).describe('More new people than this share gives a warning'),
    balances: z.boolean().describe('Also what people owe, where the PMS tells; rent blocks need it'),
  })
  .meta({ id: 'SyncPolicy' });
export type SyncPolicy = z.infer<typeof SyncPolicy>;

/** A property of ours and its upstream. */
export const SyncedProperty = z
  .object({
    propertyId: PropertyId,
    connectionId: ConnectionId,
    upstreamId: z.string(),
    name: z.string(),
    kind: PropertyKind,
    timeZone: TimeZone,
    policy: SyncPolicy,
    lastRun: z.object({ id: SyncRunId, at: Instant, state: z.string() }).nullable(),
    lastCompleteSweepAt: Instant.nullable(),
    nextRunAt: Instant.nullable(),
    staleSince: Instant.nullable().describe('What is known is older than it should be since then; null: it is fresh'),
    openHolds: z.int().nonnegative(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'SyncedProperty' });

const count = z.int().nonnegative();
export const OutcomeCounts = z
  .object({ synced: count, unchanged: count, skipped: count, failed: count, held: count })
  .meta({ id: 'OutcomeCounts' });
export const SyncRun = z
  .object({
    id: SyncRunId,
    propertyId: PropertyId,
    connectionId: ConnectionId,
    scope: z.enum(['sweep', 'residents', 'units', 'csv']),
    cause: z.enum(['schedule', 'staff', 'webhook', 'csv', 'adoption', 'hold']),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    complete: z.boolean().describe('Every page of every wanted status arrived; only then does absence mean anything'),
    counts: OutcomeCounts.describe('As far as it has come'),
    pages: count.describe('How many answers of the PMS, or parts of a file, have arrived'),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).max(20),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    startedBy: ActorRef,
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    fetchedAt: Instant.nullable(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'SyncRun' });
export type SyncRun = z.infer<typeof SyncRun>;

export const RunOutcome = z
  .object({
    upstreamId: z.string(),
    residentId: ResidentId.nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    outcome: SyncOutcome,
    light: z.enum(['green', 'SKIP', 'red', 'held']).describe('As the page shows it'),
    decision: Decision,
    reason: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'RunOutcome' });
export type RunOutcome = z.infer<typeof RunOutcome>;

export const HeldPerson = z.object({
  upstreamId: z.string(),
  residentId: ResidentId.nullable(),
  name: z.string(),
  unit: z.string().nullable(),
  why: z.string(),
});
export const Hold = z
  .object({
    id: HoldId,
    propertyId: PropertyId,
    runId: SyncRunId,
    state: z.enum(['open', 'approved', 'rejected', 'withdrawn', 'expired']),
    count: count,
    livingHere: count,
    people: z.array(HeldPerson).max(500).describe('The first 500'),
    unitCount: count.describe('Units that the PMS no longer shows'),
    units: z
      .array(z.object({ upstreamId: z.string(), name: z.string() }))
      .max(500)
      .describe('The first 500'),
    openedAt: Instant,
    expiresAt: Instant,
    decidedAt: Instant.nullable(),
    decidedBy: ActorRef.nullable(),
    note: z.string().nullable(),
    banner: z.string().describe('One sentence for the top of the page'),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'Hold', description: 'Removals that a sync wanted and that wait for a person' });
export type Hold = z.infer<typeof Hold>;

/** What somebody owes, as the PMS said last. */
export const ResidentBalance = z
  .object({
    residentId: ResidentId,
    propertyId: PropertyId,
    upstreamId: z.string(),
    balance: Money.describe('What they owe; below zero they have paid ahead'),
    owes: z.boolean(),
    owesSince: Instant.nullable().describe('When a sync first saw it without a break'),
    asOf: Instant.describe('When the PMS was asked'),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'ResidentBalance' });
export type ResidentBalance = z.infer<typeof ResidentBalance>;

/** People whom another policy would treat otherwise, without their details. */
export const AffectedPeople = z
  .object({
    count,
    people: z
      .array(
        z.object({ upstreamId: z.string(), residentId: ResidentId.nullable(), name: z.string(), unit: z.string().nullable() }),
      )
      .max(100)
      .describe('The first 100'),
  })
  .meta({ id: 'AffectedPeople' });

/** What would end with a property, a connection, or all of them. */
export const DisconnectPreview = z
  .object({
    properties: count,
    residents: count,
    withAccess: count.describe('Who loses access when residents are archived'),
    openHolds: count.describe('They are withdrawn'),
    byProperty: z.array(
      z.object({ propertyId: PropertyId, name: z.string(), residents: count, withAccess: count, openHolds: count }),
    ),
  })
  .meta({ id: 'DisconnectPreview' });
export type DisconnectPreview = z.infer<typeof DisconnectPreview>;

export const LeftOut = z
  .object({
    upstreamId: z.string(),
    name: z.string().describe('As the PMS has it'),
    unit: z.string().nullable(),
    reason: z.object({ code: z.string(), message: z.string() }),
  })
  .meta({ id: 'LeftOut', description: 'Somebody whom the PMS lists and who was not taken over' });

/** What is known of an uploaded file without anybody’s name in it. */
export const CsvImportSummary = z
  .object({
    id: CsvImportId,
    propertyId: PropertyId,
    fileName: z.string(),
    state: z
      .enum(['uploading', 'checking', 'checked', 'unreadable', 'importing', 'imported', 'discarded', 'expired'])
      .describe(
        'uploading → checking → checked, then importing → imported when somebody says so; checked again when that failed. unreadable: `error` says why. discarded, expired: what was uploaded is deleted',
      ),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    bytes: count,
    encoding: z.enum(['UTF-8', 'UTF-16', 'Windows-1252']).nullable(),
    columns: z.record(z.string(), z.string()).describe('Our field → the header it was found under'),
    ignoredColumns: z.array(z.string()).max(100).describe('Headers that nobody here knows'),
    rows: count,
    people: count.describe('Who can be imported'),
    newPeople: count.describe('Of these, who is not in the property yet'),
    newUnits: count,
    failedRows: count.describe('Rows with a problem; they are left out'),
    missing: count.describe('Who lives in the property and is in no row'),
    mayRemove: z
      .boolean()
      .describe('false: a row with a problem does not say whom it is about, so nobody may be taken for missing'),
    sameAs: CsvImportId.nullable().describe('The same file was uploaded before, as this import'),
    removeMissing: z.boolean(),
    runId: SyncRunId.nullable().describe('What came of it: outcomes person by person, and holds'),
    uploadedBy: ActorRef,
    createdAt: Instant,
    checkedAt: Instant.nullable(),
    expiresAt: Instant.describe('What was uploaded is deleted then'),
  })
  .meta({ id: 'CsvImportSummary' });
export type CsvImportSummary = z.infer<typeof CsvImportSummary>;

export const CsvProblem = z
  .object({
    row: z.int().describe('As a spreadsheet numbers it: the header is row 1'),
    column: z.string().nullable().describe('The header of the cell; null: it is about the whole row'),
    value: z.string().max(200).nullable(),
    message: z.string().describe('What is wrong, and what would be right'),
  })
  .meta({ id: 'CsvProblem' });
export const CsvPersonShown = z
  .object({
    row: z.int(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    units: z.array(z.string()).max(50),
    userTypes: z.array(UserType).max(5),
    isNew: z.boolean(),
  })
  .meta({ id: 'CsvPerson', description: 'Somebody as they would be imported' });
export const MissingPerson = z
  .object({ upstreamId: z.string(), name: z.string(), units: z.array(z.string()).max(50) })
  .meta({ id: 'MissingPerson' });
export const CsvImport = CsvImportSummary.extend({
  sample: z.array(CsvPersonShown).max(20).describe('The first 20 as they were understood'),
  problems: z.array(CsvProblem).max(100).describe('The first 100; all of them are a list of their own, and a file'),
  missingPeople: z.array(MissingPerson).max(100).describe('The first 100'),
  warnings: z
    .array(CsvProblem)
    .max(100)
    .optional()
    .describe(
      'Of right rows: who would not be taken over, and why; a phone number that cannot be called, or that two rows have. The first 100',
    ),
}).meta({ id: 'CsvImport', description: 'An uploaded file, what is right and wrong in it, and what importing it would mean' });
export type CsvImport = z.infer<typeof CsvImport>;
