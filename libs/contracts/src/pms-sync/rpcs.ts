import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import { ResidentSelection } from '../directory/resident-list.rpcs.js';
import { UnitSelection } from '../directory/unit.rpcs.js';
import { Country, PersonOutcome } from '../directory/words.js';
import { ConnectionId, HoldId, JobId, PropertyId, ResidentId, SyncRunId } from '../ids.js';
import { JobView } from '../jobs.js';
import { snapshotRpc } from '../snapshot.js';
import { Instant, PageQuery, pageOf, TimeZone } from '../words.js';
import { importRpcs } from './import.rpcs.js';
import {
  AffectedPeople,
  Connection,
  Diagnosis,
  DisconnectPreview,
  HeldPerson,
  Hold,
  Platform,
  LeftOut,
  PmsName,
  ResidentBalance,
  RunOutcome,
  SyncedProperty,
  SyncPolicy,
  SyncRun,
  UpstreamProperty,
} from './words.js';

const Version = z.int().nonnegative().optional().describe('The version that is edited; refused when it is not the newest');
const view = 'accounts.integrations:view';
const full = 'accounts.integrations:full';
const Fields = z.record(z.string().max(60), z.string().max(4000)).describe('By the names that the platform’s form gives');

export const listPlatforms = defineRpc('pms-sync.list-platforms', {
  does: 'query',
  input: z.object({}),
  output: z.object({ items: z.array(Platform) }),
  permission: view,
  describe: 'What can be connected, and what each form asks for.',
});
export const createConnection = defineRpc('pms-sync.create-connection', {
  does: 'command',
  input: z.object({
    pms: PmsName,
    name: z.string().trim().min(1).max(100),
    settings: Fields.default({}).meta({ example: { subdomain: 'harbourcourt' } }),
    credentials: Fields.default({}).meta({ example: { apiKey: 'as Entrata shows it under Apps, API Access' } }),
  }),
  output: Connection,
  errors: ['connection.name-taken', 'connection.same-account', 'connection.settings'],
  permission: full,
  describe: 'Connect a PMS. Credentials are sealed and never shown again.',
});
export const listConnections = defineRpc('pms-sync.list-connections', {
  does: 'query',
  input: PageQuery,
  output: pageOf(Connection),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'The connections with their health.',
});
export const getConnection = defineRpc('pms-sync.get-connection', {
  does: 'query',
  input: z.object({ connectionId: ConnectionId }),
  output: Connection,
  errors: ['not-found'],
  permission: view,
  describe: 'One connection with its health.',
});
export const updateConnection = defineRpc('pms-sync.update-connection', {
  does: 'command',
  input: z.object({
    connectionId: ConnectionId,
    name: z.string().trim().min(1).max(100).optional(),
    settings: Fields.optional(),
    credentials: Fields.optional(),
    state: z.enum(['active', 'paused']).optional(),
    version: Version,
  }),
  output: Connection,
  errors: ['not-found', 'conflict.version', 'connection.name-taken', 'connection.same-account', 'connection.settings'],
  permission: full,
  describe:
    'Rename a connection, change its settings or credentials, pause it. A credential that is not given stays, but for another address: all are given again.',
});
export const testConnection = defineRpc('pms-sync.test-connection', {
  does: 'query',
  input: z.object({ connectionId: ConnectionId }),
  output: Diagnosis,
  errors: ['not-found'],
  permission: full,
  describe: 'Ask the PMS whether it lets us in; says in plain words what is wrong.',
  timeoutMs: 30_000,
});
export const listUpstreamProperties = defineRpc('pms-sync.list-upstream-properties', {
  does: 'query',
  input: z.object({ connectionId: ConnectionId }),
  output: z.object({ items: z.array(UpstreamProperty) }),
  errors: ['not-found', 'connection.failing'],
  permission: view,
  describe: 'The properties that the PMS shows us, and which of them are adopted.',
  timeoutMs: 30_000,
});
export const adoptProperties = defineRpc('pms-sync.adopt-properties', {
  does: 'command',
  input: z.object({
    connectionId: ConnectionId,
    properties: z
      .array(
        z.object({
          upstreamId: z.string().max(100),
          name: z.string().trim().min(1).max(200).optional(),
          timeZone: TimeZone.optional().describe('Needed where the list of the PMS’s properties shows none'),
          country: Country.optional(),
          linkTo: PropertyId.optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
  output: z.object({ items: z.array(SyncedProperty) }),
  errors: ['not-found', 'connection.failing', 'property.name-taken', 'property.already-linked'],
  permission: full,
  describe: 'Keep these properties in step from now on; the first sweep begins at once and is silent.',
  timeoutMs: 30_000,
});
export const previewDisconnect = defineRpc('pms-sync.preview-disconnect', {
  does: 'query',
  input: z.object({ connectionId: ConnectionId, propertyId: PropertyId.optional() }),
  output: DisconnectPreview,
  errors: ['not-found'],
  permission: view,
  describe:
    'What disconnecting a connection, or one property of it, would mean. Export the residents first: `POST /v1/exports` with the same properties.',
  timeoutMs: 10_000,
});
const Confirmed = z
  .int()
  .nonnegative()
  .optional()
  .describe('How many have access, as the preview said; refused when it is another number now');
export const disconnect = defineRpc('pms-sync.disconnect', {
  does: 'command',
  input: z.object({
    connectionId: ConnectionId,
    propertyId: PropertyId.optional(),
    residents: z.enum(['keep', 'archive']),
    withAccess: Confirmed,
  }),
  output: Connection,
  errors: ['not-found', 'conflict.state', 'disconnect.preview-changed'],
  permission: full,
  describe: 'Stop keeping in step; people keep what they have, or lose access and are archived.',
  timeoutMs: 30_000,
});
export const previewDisconnectAll = defineRpc('pms-sync.preview-disconnect-all', {
  does: 'query',
  input: z.object({}),
  output: DisconnectPreview.extend({ connections: z.int().nonnegative() }),
  permission: view,
  describe: 'What ending all connections would mean, as when an organization closes.',
  timeoutMs: 20_000,
});
export const disconnectAll = defineRpc('pms-sync.disconnect-all', {
  does: 'command',
  input: z.object({ residents: z.enum(['keep', 'archive']), withAccess: Confirmed }),
  output: z.object({ connections: z.int().nonnegative(), properties: z.int().nonnegative() }),
  errors: ['disconnect.preview-changed'],
  permission: full,
  describe:
    'End all connections of the organization, as when it closes. Export first; broken off, it goes on where it was when it is repeated.',
  timeoutMs: 60_000,
});

export const listSyncedProperties = defineRpc('pms-sync.list-synced-properties', {
  does: 'query',
  input: PageQuery.extend({ connectionId: ConnectionId.optional() }),
  output: pageOf(SyncedProperty),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Properties that are kept in step with a PMS.',
});
export const getSyncedProperty = defineRpc('pms-sync.get-synced-property', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: SyncedProperty,
  errors: ['not-found'],
  permission: view,
  describe: 'How one property is kept in step.',
});
export const setSyncPolicy = defineRpc('pms-sync.set-sync-policy', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, policy: SyncPolicy.partial().or(z.literal('default')), version: Version }),
  output: SyncedProperty,
  errors: ['not-found', 'conflict.version'],
  permission: full,
  describe: 'Change how and when a property is synced, or reset it to the defaults.',
});

export const previewSyncPolicy = defineRpc('pms-sync.preview-sync-policy', {
  does: 'query',
  input: setSyncPolicy.input.omit({ version: true }),
  output: z.object({
    policy: SyncPolicy.describe('As it would be'),
    nextRunAt: Instant.nullable(),
    comes: AffectedPeople.describe('Who is left out now and would come with the next sweep'),
    stays: AffectedPeople.describe(
      'Who would be left out as a newcomer, is here already, and stays until the PMS says that they left',
    ),
  }),
  errors: ['not-found'],
  permission: full,
  describe: 'Whom a change of the sync policy would bring in, and whom it no longer means; as far as sweeps have seen them.',
  timeoutMs: 10_000,
});

export const listLeftOut = defineRpc('pms-sync.list-left-out', {
  does: 'query',
  input: z.object({
    propertyId: PropertyId,
    search: z.string().min(2).max(100).describe('Beginnings of words of the name or the unit'),
  }),
  output: z.object({ items: z.array(LeftOut).max(20) }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'Whom the PMS lists in a property and who was not taken over, with why: each as the last sync saw them.',
  timeoutMs: 5000,
});

export const listBalances = defineRpc('pms-sync.list-balances', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional(), owes: z.boolean().optional() }),
  output: pageOf(ResidentBalance),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'What residents owe, in properties whose sync policy asks for balances.',
});
export const getBalance = defineRpc('pms-sync.get-balance', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: ResidentBalance,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'What one resident owes; not found where no PMS told.',
});

/** What to sync: residents, units, properties, everything of a connection, or everything. */
export const SyncTarget = z.union([
  z.strictObject({ residents: ResidentSelection }),
  z.strictObject({ units: UnitSelection }),
  z.strictObject({ propertyIds: z.array(PropertyId).min(1).max(500) }),
  z.strictObject({ connectionId: ConnectionId }),
  z.strictObject({ all: z.literal(true) }),
]);
export const startSync = defineRpc('pms-sync.start-sync', {
  does: 'command',
  input: z.object({ target: SyncTarget }),
  output: JobView,
  errors: ['not-found', 'sync.not-linked', 'connection.failing'],
  permission: 'residence.residence:full',
  describe:
    'Sync now. A second click joins what runs already; behind a scheduled sweep that fetches already it waits, for that may have read what has changed since.',
  timeoutMs: 20_000, // who a filter means in a large property is a hundred pages
});
export const listSyncRuns = defineRpc('pms-sync.list-sync-runs', {
  does: 'query',
  input: PageQuery.extend({
    propertyId: PropertyId.optional(),
    connectionId: ConnectionId.optional(),
    state: SyncRun.shape.state.optional(),
    jobId: z.string().max(100).optional().describe('Of this sync on demand: what it began, and what it joined'),
  }),
  output: pageOf(SyncRun),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Sync runs, newest first.',
});
export const getSyncRun = defineRpc('pms-sync.get-sync-run', {
  does: 'query',
  input: z.object({ runId: SyncRunId }),
  output: SyncRun,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One run with its progress.',
});
export const listRunOutcomes = defineRpc('pms-sync.list-run-outcomes', {
  does: 'query',
  input: PageQuery.extend({ runId: SyncRunId, outcome: PersonOutcome.shape.outcome.optional() }),
  output: pageOf(RunOutcome),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'What the run came to, person by person. Unchanged people are counted; they are listed for targeted syncs only.',
});
export const listJobOutcomes = defineRpc('pms-sync.list-job-outcomes', {
  does: 'query',
  input: PageQuery.extend({ jobId: JobId, outcome: PersonOutcome.shape.outcome.optional() }),
  output: pageOf(RunOutcome.extend({ runId: SyncRunId, propertyId: PropertyId })),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'residence.residence:view',
  describe:
    'What a sync on demand came to, person by person over all its runs, those that it joined as well. Unchanged people of whole properties are counted in their runs.',
});
export const cancelSyncRun = defineRpc('pms-sync.cancel-sync-run', {
  does: 'command',
  input: z.object({ runId: SyncRunId }),
  output: SyncRun,
  errors: ['not-found', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Stop a run; what is done stays done, and nothing is concluded from what did not arrive.',
});

export const listHolds = defineRpc('pms-sync.list-holds', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional(), state: Hold.shape.state.optional() }),
  output: pageOf(Hold),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Removals that wait, or waited, for a person.',
});
export const getHold = defineRpc('pms-sync.get-hold', {
  does: 'query',
  input: z.object({ holdId: HoldId }),
  output: Hold,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One hold with its people.',
});
export const listHeldPeople = defineRpc('pms-sync.list-held-people', {
  does: 'query',
  input: PageQuery.extend({ holdId: HoldId }),
  output: pageOf(HeldPerson),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Everybody of a hold, also of a large one.',
});
export const approveHold = defineRpc('pms-sync.approve-hold', {
  does: 'command',
  input: z.object({
    holdId: HoldId,
    upstreamIds: z
      .array(z.string().max(100))
      .max(500)
      .optional()
      .describe('Only these people; the others stay, and every unit that is not named'),
    unitIds: z
      .array(z.string().max(100))
      .max(500)
      .optional()
      .describe('Only these units; the others stay, and everybody who is not named'),
    note: z.string().trim().max(500).optional(),
    version: Version,
  }),
  output: Hold,
  errors: ['not-found', 'conflict.state', 'conflict.version'],
  permission: 'residence.residence:full',
  describe: 'Let these people be moved out, and count these units as gone.',
  timeoutMs: 10_000,
});
export const rejectHold = defineRpc('pms-sync.reject-hold', {
  does: 'command',
  input: z.object({ holdId: HoldId, note: z.string().trim().max(500).optional(), version: Version }),
  output: Hold,
  errors: ['not-found', 'conflict.state', 'conflict.version'],
  permission: 'residence.residence:full',
  describe: 'Nobody of these is moved out; asked again only when the list changes.',
});

export const receiveWebhook = defineRpc('pms-sync.receive-webhook', {
  does: 'command',
  input: z.object({
    connectionId: ConnectionId,
    timestamp: z.string().max(60),
    signature: z.string().max(500),
    body: z.string().max(100_000),
  }),
  output: z.object({ accepted: z.boolean() }),
  errors: ['not-found', 'webhook.signature'],
  permission: 'service',
  describe: 'A PMS says that something changed; it is looked up there, never believed.',
});

export const syncJob = defineJob('pms-sync.sync', {
  input: z.object({ target: SyncTarget }),
  item: z.object({ runId: SyncRunId, counts: SyncRun.shape.counts }),
  permission: 'residence.residence:full',
  describe: 'Syncs what was chosen, property by property.',
});
export const pmsSyncSnapshot = snapshotRpc('pms-sync', z.union([Connection, SyncedProperty, Hold, ResidentBalance]));

export const pmsSyncRpcs = [
  listPlatforms,
  createConnection,
  listConnections,
  getConnection,
  updateConnection,
  testConnection,
  listUpstreamProperties,
  adoptProperties,
  previewDisconnect,
  disconnect,
  previewDisconnectAll,
  disconnectAll,
  listSyncedProperties,
  getSyncedProperty,
  setSyncPolicy,
  previewSyncPolicy,
  listLeftOut,
  listBalances,
  getBalance,
  startSync,
  listSyncRuns,
  getSyncRun,
  listRunOutcomes,
  listJobOutcomes,
  cancelSyncRun,
  listHolds,
  getHold,
  listHeldPeople,
  approveHold,
  rejectHold,
  ...importRpcs,
  receiveWebhook,
  pmsSyncSnapshot,
] as const;
