import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import {
  BedroomId,
  HoldId,
  JobId,
  PersonId,
  PropertyId,
  ResidentId,
  SavedViewId,
  SyncRunId,
  UnitId,
  UpcomingChangeId,
} from '../ids.js';
import { JobView } from '../jobs.js';
import { snapshotRpc } from '../snapshot.js';
import {
  AccountStatus,
  EmailAddress,
  Instant,
  LeaseStatus,
  LocalDate,
  PageQuery,
  pageOf,
  ResidentState,
  selectionOf,
  TimeZone,
  UserType,
  WifiStatus,
} from '../words.js';
import {
  AccessPolicy,
  Address,
  Country,
  Issue,
  PersonOutcome,
  Property,
  PropertyKind,
  ImportMode,
  Resident,
  TimelineEntry,
  Unit,
  UpcomingChange,
  UpstreamPerson,
  UpstreamUnit,
} from './words.js';

const Version = z.int().nonnegative().optional().describe('The version that is edited; refused when it is not the newest');
const Nothing = z.object({});
const view = 'residence.residence:view';
const full = 'residence.residence:full';
const viewProperties = 'residence.properties:view';
const manageProperties = 'residence.properties:full';

// — properties —
const PropertyFields = z.object({
  name: z.string().trim().min(1).max(200),
  kind: PropertyKind,
  timeZone: TimeZone,
  country: Country.default('AU'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('AUD'),
  address: Address.default({}),
});
export const createProperty = defineRpc('directory.create-property', {
  does: 'command',
  input: PropertyFields,
  output: Property,
  errors: ['property.name-taken'],
  permission: manageProperties,
  describe: 'Add a property by hand. Properties of a PMS are adopted through their connection.',
});
/** For pms-sync, when staff adopt a property of a PMS; the same upstream property gives the same answer again. */
export const adoptProperty = defineRpc('directory.adopt-property', {
  does: 'command',
  input: PropertyFields.extend({
    connectionId: z.string(),
    upstreamId: z.string().max(100),
    linkTo: PropertyId.optional().describe('Link to this property, made by hand before, instead of a new one'),
  }),
  output: Property,
  errors: ['not-found', 'property.already-linked'],
  permission: 'accounts.integrations:full',
  describe: 'Keep a property in step with a PMS from now on. Its first import is silent.',
});
export const releaseProperty = defineRpc('directory.release-property', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, residents: z.enum(['keep', 'archive']) }),
  output: Property,
  errors: ['not-found'],
  permission: 'accounts.integrations:full',
  describe: 'End the link of a property with its PMS; its people stay as they are, or are archived.',
  timeoutMs: 10_000,
});
export const getProperty = defineRpc('directory.get-property', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: Property,
  errors: ['not-found'],
  permission: viewProperties,
  describe: 'One property with its counts.',
});
export const listProperties = defineRpc('directory.list-properties', {
  does: 'query',
  input: PageQuery.extend({
    search: z.string().max(100).optional(),
    state: z.enum(['active', 'archived']).default('active'),
    kind: PropertyKind.optional(),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Property),
  errors: ['cursor.invalid'],
  permission: viewProperties,
  describe: 'The properties that the caller may see, by name.',
});
export const updateProperty = defineRpc('directory.update-property', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    name: z.string().trim().min(1).max(200).optional(),
    timeZone: TimeZone.optional(),
    country: Country.optional(),
    address: Address.optional(),
    importMode: ImportMode.optional(),
    version: Version,
  }),
  output: Property,
  errors: ['not-found', 'conflict.version', 'property.name-taken'],
  permission: manageProperties,
  describe: 'Change a property. An import mode that is set by hand stays until somebody changes it.',
});
export const archiveProperty = defineRpc('directory.archive-property', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, version: Version }),
  output: Property,
  errors: ['not-found', 'conflict.version', 'property.in-use'],
  permission: manageProperties,
  describe: 'Put a property away; nobody may have access in it any more.',
});
export const getPolicies = defineRpc('directory.get-policies', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: z.object({ policy: AccessPolicy, defaults: AccessPolicy, version: z.int() }),
  errors: ['not-found'],
  permission: viewProperties,
  describe: 'When access opens and closes in a property, and what the defaults are.',
});
export const previewPolicies = defineRpc('directory.preview-policies', {
  does: 'query',
  input: z.object({ propertyId: PropertyId, policy: AccessPolicy.partial() }),
  output: z.object({
    gainToday: z.int(),
    loseToday: z.int(),
    examples: z.array(z.object({ residentId: ResidentId, name: z.string(), effect: z.enum(['gains', 'loses']) })).max(20),
  }),
  errors: ['not-found'],
  permission: viewProperties,
  describe: 'Who would gain or lose access today under other policies; nothing is changed.',
  timeoutMs: 10_000,
});
export const setPolicies = defineRpc('directory.set-policies', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, policy: AccessPolicy.partial().or(z.literal('default')), version: Version }),
  output: Property,
  errors: ['not-found', 'conflict.version'],
  permission: manageProperties,
  describe: 'Change the policies of a property, or reset them to the defaults.',
  timeoutMs: 10_000,
});
const StartEstimate = z.object({
  propertyId: PropertyId,
  residents: z.int(),
  withoutEmail: z.int(),
  gainAccess: z.int(),
  digest: z.string(),
});
export const estimateStart = defineRpc('directory.estimate-start', {
  does: 'query',
  input: z.object({ propertyId: PropertyId, userTypes: z.array(UserType).max(5).optional() }),
  output: StartEstimate,
  errors: ['not-found'],
  permission: viewProperties,
  describe: 'What Start service would do now.',
});
export const startService = defineRpc('directory.start-service', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, digest: z.string().describe('Of the estimate that was confirmed') }),
  output: Property,
  errors: ['not-found', 'conflict.state', 'start.estimate-changed'],
  permission: manageProperties,
  describe: 'End the silent time of a property: from now on access is enforced and messages are sent.',
  timeoutMs: 10_000,
});

// — units —
export const UnitFilter = z.object({
  propertyId: PropertyId.optional(),
  building: z.string().max(100).optional(),
  search: z.string().min(2).max(100).optional(),
  occupied: z.boolean().optional(),
  deletedUpstream: z.boolean().optional(),
});
export const listUnits = defineRpc('directory.list-units', {
  does: 'query',
  input: PageQuery.extend({
    ...UnitFilter.shape,
    sort: z.enum(['name', '-name']).default('name'),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Unit),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Units in the order people count them: 2 before 10.',
});
export const getUnit = defineRpc('directory.get-unit', {
  does: 'query',
  input: z.object({ unitId: UnitId }),
  output: Unit,
  errors: ['not-found'],
  permission: view,
  describe: 'One unit.',
});
export const createUnit = defineRpc('directory.create-unit', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    building: z.string().trim().max(100).nullable().default(null),
    number: z.string().trim().min(1).max(50),
    bedrooms: z.array(z.string().trim().min(1).max(50)).max(50).default([]),
  }),
  output: Unit,
  errors: ['not-found', 'unit.exists'],
  permission: full,
  describe: 'Add a unit by hand; the PMS links to it later by building and number.',
});
export const updateUnit = defineRpc('directory.update-unit', {
  does: 'command',
  input: z.object({
    unitId: UnitId,
    building: z.string().trim().max(100).nullable().optional(),
    number: z.string().trim().min(1).max(50).optional(),
    addBedrooms: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
    removeBedrooms: z.array(BedroomId).max(50).optional(),
    version: Version,
  }),
  output: Unit,
  errors: ['not-found', 'conflict.version', 'unit.exists', 'unit.occupied'],
  permission: full,
  describe: 'Rename a unit or change its bedrooms.',
});
export const removeUnits = defineRpc('directory.remove-units', {
  does: 'command',
  input: z.object({ ids: z.array(UnitId).min(1).max(200) }),
  output: z.object({ removed: z.array(UnitId), kept: z.array(z.object({ unitId: UnitId, reason: z.string() })) }),
  permission: full,
  describe: 'Remove units for good; one where somebody lives or has access is kept.',
});

// — residents —
const list = <T extends z.ZodType>(word: T) => z.array(word).min(1).max(20);
export const ResidentFilter = z.object({
  propertyId: PropertyId.optional(),
  unitId: UnitId.optional(),
  personId: PersonId.optional(),
  building: z.string().max(100).optional(),
  bedroom: z.string().max(50).optional(),
  search: z.string().min(2).max(100).optional().describe('Beginnings of words of name, e-mail, phone or unit'),
  state: list(ResidentState).optional(),
  userType: list(UserType).optional(),
  leaseStatus: list(LeaseStatus).optional(),
  accountStatus: list(AccountStatus).optional(),
  wifiStatus: list(WifiStatus).optional(),
  issue: list(Issue).optional(),
  access: z.enum(['open', 'closed']).optional(),
  assignable: z.boolean().optional(),
  source: z.enum(['pms', 'staff']).optional(),
  syncedBefore: Instant.optional(),
});
export type ResidentFilter = z.infer<typeof ResidentFilter>;
export const residentSorts = [
  'name',
  '-name',
  'lastName',
  '-lastName',
  'unit',
  '-unit',
  'leaseStatus',
  '-leaseStatus',
  'state',
  '-state',
  'updatedAt',
  '-updatedAt',
  'createdAt',
  '-createdAt',
] as const;
export const ResidentSelection = selectionOf(ResidentId, ResidentFilter);
export const UnitSelection = selectionOf(UnitId, UnitFilter);
export const listResidents = defineRpc('directory.list-residents', {
  does: 'query',
  input: PageQuery.extend({
    ...ResidentFilter.shape,
    sort: z.enum(residentSorts).default('name'),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Resident),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Residents: people in properties, filtered and sorted. Without a state the archived are left out.',
});
export const countResidents = defineRpc('directory.count-residents', {
  does: 'query',
  input: ResidentFilter,
  output: z.object({
    total: z.int(),
    facets: z
      .record(z.string(), z.record(z.string(), z.int()))
      .describe('Column → value → how many; each column counted without its own filter'),
  }),
  permission: view,
  describe: 'The exact total of a filter, and how many there are of each value.',
  timeoutMs: 5000,
});
/** For services that act on selections: pages of ids, by the same code as the list. */
export const resolveResidents = defineRpc('directory.resolve-residents', {
  does: 'query',
  input: PageQuery.extend({ selection: ResidentSelection, limit: z.int().min(1).max(1000).default(500) }),
  output: z.object({
    items: z.array(z.object({ id: ResidentId, propertyId: PropertyId, upstreamId: z.string().nullable() })),
    nextCursor: z.string().nullable(),
  }),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Which residents a selection is now.',
  timeoutMs: 5000,
});
export const resolveUnits = defineRpc('directory.resolve-units', {
  does: 'query',
  input: PageQuery.extend({ selection: UnitSelection, limit: z.int().min(1).max(1000).default(500) }),
  output: z.object({
    items: z.array(z.object({ id: UnitId, propertyId: PropertyId, upstreamId: z.string().nullable() })),
    nextCursor: z.string().nullable(),
  }),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Which units a selection is now.',
  timeoutMs: 5000,
});
export const getResident = defineRpc('directory.get-resident', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: Resident,
  errors: ['not-found'],
  permission: view,
  describe: 'One resident.',
});
export const explainAccess = defineRpc('directory.explain-access', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: z.object({
    residentId: ResidentId,
    open: z.boolean(),
    sentences: z.array(z.string()).describe('Why, in words for a person, the deciding one first'),
  }),
  errors: ['not-found'],
  permission: view,
  describe: 'Why someone has access, or has none.',
});
const ManualResident = z.object({
  propertyId: PropertyId,
  firstName: z.string().trim().min(1).max(100),
  lastName: z.string().trim().min(1).max(100),
  email: EmailAddress.nullable().default(null),
  phone: z.string().trim().max(60).optional(),
  userTypes: z.array(UserType).min(1).max(5),
  unitId: UnitId.nullable().default(null),
  bedroom: z.string().max(50).nullable().default(null),
  moveIn: LocalDate.nullable().default(null),
  moveOut: LocalDate.nullable().default(null),
});
export const createResident = defineRpc('directory.create-resident', {
  does: 'command',
  input: ManualResident,
  output: Resident,
  errors: ['not-found', 'resident.exists', 'resident.unit-needed', 'resident.dates'],
  permission: full,
  describe: 'Add a resident by hand.',
});
export const updateResident = defineRpc('directory.update-resident', {
  does: 'command',
  input: z.object({
    residentId: ResidentId,
    firstName: z.string().trim().min(1).max(100).optional(),
    lastName: z.string().trim().min(1).max(100).optional(),
    email: EmailAddress.nullable().optional(),
    phones: z.array(z.string().trim().max(60)).max(10).optional(),
    userTypes: z.array(UserType).min(1).max(5).optional(),
    unitId: UnitId.nullable().optional(),
    bedroom: z.string().max(50).nullable().optional(),
    moveIn: LocalDate.nullable().optional(),
    moveOut: LocalDate.nullable().optional(),
    access: z.enum(['by-rule', 'granted', 'denied']).optional().describe('A staff override of access'),
    reset: z
      .array(z.enum(['name', 'email', 'phones', 'userTypes', 'access']))
      .max(5)
      .optional()
      .describe('Fields that follow the PMS again'),
    version: Version,
  }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'resident.from-pms', 'resident.dates'],
  permission: full,
  describe: 'Change a resident. What staff set stays over later syncs, and is shown as such, until it is reset.',
});
export const archiveResident = defineRpc('directory.archive-resident', {
  does: 'command',
  input: z.object({ residentId: ResidentId, version: Version }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'conflict.state'],
  permission: full,
  describe: 'Archive a resident: no access and no messages; the history stays.',
});
export const restoreResident = defineRpc('directory.restore-resident', {
  does: 'command',
  input: z.object({ residentId: ResidentId, version: Version }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'conflict.state'],
  permission: full,
  describe: 'Bring an archived resident back.',
});
export const importResidents = defineRpc('directory.import-residents', {
  does: 'command',
  input: z.object({ selection: ResidentSelection, dismiss: z.boolean().default(false) }),
  output: JobView,
  permission: full,
  describe: 'Import pending residents, or dismiss them: they become active, or archived.',
});
export const listUpcomingChanges = defineRpc('directory.list-upcoming-changes', {
  does: 'query',
  input: PageQuery.extend({
    propertyId: PropertyId.optional(),
    what: z.enum(['move-in', 'move-out', 'transfer']).optional(),
    search: z.string().min(2).max(100).optional(),
  }),
  output: pageOf(UpcomingChange),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Moves that are known and have not happened, soonest first.',
});
export const executeUpcomingChanges = defineRpc('directory.execute-upcoming-changes', {
  does: 'command',
  input: z.object({ ids: z.array(UpcomingChangeId).min(1).max(200) }),
  output: z.object({
    executed: z.array(UpcomingChangeId),
    refused: z.array(z.object({ id: UpcomingChangeId, reason: z.string() })),
  }),
  permission: full,
  describe: 'Let moves take effect now instead of at their date.',
  timeoutMs: 10_000,
});
export const listTimeline = defineRpc('directory.list-timeline', {
  does: 'query',
  input: PageQuery.extend({ residentId: ResidentId }),
  output: pageOf(TimelineEntry),
  errors: ['not-found', 'cursor.invalid'],
  permission: view,
  describe: 'What happened to a resident, newest first: what, when, by whom.',
});
export const DuplicateProposal = z.object({ id: z.string(), a: Resident, b: Resident, why: z.string() });
export const listDuplicates = defineRpc('directory.list-duplicates', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional() }),
  output: pageOf(DuplicateProposal),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Residents who may be the same person; nobody is merged without staff.',
});
export const linkDuplicate = defineRpc('directory.link-duplicate', {
  does: 'command',
  input: z.object({ id: z.string(), same: z.boolean() }),
  output: Nothing,
  errors: ['not-found'],
  permission: full,
  describe: 'Say that two residents are the same person, or that they are not.',
});
export const exportPerson = defineRpc('directory.export-person', {
  does: 'query',
  input: z.object({ personId: PersonId }),
  output: z.object({ residents: z.array(Resident), timeline: z.array(TimelineEntry) }),
  errors: ['not-found'],
  permission: full,
  describe: 'Everything directory knows about a person.',
  timeoutMs: 5000,
});
export const erasePerson = defineRpc('directory.erase-person', {
  does: 'command',
  input: z.object({ personId: PersonId }),
  output: Nothing,
  errors: ['not-found', 'person.still-resident'],
  permission: full,
  describe: 'Erase a person for good; every service forgets them.',
});

// — saved views, exports —
export const SavedView = z
  .object({
    id: SavedViewId,
    name: z.string().trim().min(1).max(80),
    list: z.enum(['residents', 'units']),
    query: z.record(z.string(), z.unknown()),
    shared: z.boolean(),
    mine: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'SavedView' });
export const listSavedViews = defineRpc('directory.list-saved-views', {
  does: 'query',
  input: z.object({ list: z.enum(['residents', 'units']).optional() }),
  output: z.object({ items: z.array(SavedView) }),
  permission: view,
  describe: 'One’s own saved views and those that are shared.',
});
export const saveView = defineRpc('directory.save-view', {
  does: 'command',
  input: z.object({
    id: SavedViewId.optional(),
    name: z.string().trim().min(1).max(80),
    list: z.enum(['residents', 'units']),
    query: z.record(z.string(), z.unknown()),
    shared: z.boolean().default(false),
  }),
  output: SavedView,
  errors: ['not-found', 'view.name-taken'],
  permission: view,
  describe: 'Save a view of a list, for oneself or for all.',
});
export const removeView = defineRpc('directory.remove-view', {
  does: 'command',
  input: z.object({ id: SavedViewId }),
  output: Nothing,
  errors: ['not-found'],
  permission: view,
  describe: 'Forget a saved view.',
});
export const startExport = defineRpc('directory.start-export', {
  does: 'command',
  input: z.object({ what: z.enum(['residents', 'units']), filter: ResidentFilter.default({}) }),
  output: JobView,
  permission: view,
  describe: 'Write a list to a CSV file.',
});
export const readExport = defineRpc('directory.read-export', {
  does: 'query',
  input: z.object({ jobId: JobId, part: z.int().nonnegative() }),
  output: z.object({ text: z.string(), last: z.boolean() }),
  errors: ['not-found', 'conflict.state'],
  permission: view,
  describe: 'One part of a finished export.',
});

// — what pms-sync says —
export const Observed = z.object({
  propertyId: PropertyId,
  runId: SyncRunId,
  fetchedAt: Instant.describe('When the PMS was asked; older than what is known is refused, person by person'),
  scope: z
    .enum(['sweep', 'targeted'])
    .describe('A targeted sync never moves anyone out for being absent, and never follows to another property'),
  present: z.array(UpstreamPerson).max(100).default([]),
  absent: z.array(z.string().max(100)).max(100).default([]).describe('Known before and not in a complete sweep'),
  confirmed: HoldId.optional().describe('A person approved these removals'),
});
export const planSync = defineRpc('directory.plan', {
  does: 'query',
  input: Observed,
  output: z.object({
    outcomes: z.array(PersonOutcome),
    livingHere: z.int().describe('Residents of the property with an occupancy now: what the brake’s share is of'),
  }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'What `apply` would do, by the same code; nothing is changed.',
  timeoutMs: 10_000,
});
export const applySync = defineRpc('directory.apply', {
  does: 'command',
  input: Observed,
  output: z.object({ outcomes: z.array(PersonOutcome) }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'Take over what the PMS says about up to 100 people of a property.',
  timeoutMs: 10_000,
});
export const applyUnits = defineRpc('directory.apply-units', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    runId: SyncRunId,
    fetchedAt: Instant,
    units: z.array(UpstreamUnit).max(500),
    absent: z.array(z.string().max(100)).max(500).default([]),
  }),
  output: z.object({ added: z.int(), renamed: z.int(), unchanged: z.int(), deletedUpstream: z.int() }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'Take over what the PMS says about the units of a property.',
  timeoutMs: 10_000,
});

export const importJob = defineJob('directory.import-residents', {
  input: z.object({ selection: ResidentSelection, dismiss: z.boolean() }),
  item: z.object({ state: ResidentState }),
  permission: full,
  describe: 'Imports or dismisses pending residents one by one.',
});
export const exportJob = defineJob('directory.export', {
  input: z.object({ what: z.enum(['residents', 'units']), filter: ResidentFilter }),
  item: z.object({ rows: z.int() }),
  permission: view,
  describe: 'Writes a list to a CSV file.',
});
export const directorySnapshot = snapshotRpc('directory', z.union([Property, Unit, Resident]));

export const directoryRpcs = [
  createProperty,
  adoptProperty,
  releaseProperty,
  getProperty,
  listProperties,
  updateProperty,
  archiveProperty,
  getPolicies,
  previewPolicies,
  setPolicies,
  estimateStart,
  startService,
  listUnits,
  getUnit,
  createUnit,
  updateUnit,
  removeUnits,
  listResidents,
  countResidents,
  resolveResidents,
  resolveUnits,
  getResident,
  explainAccess,
  createResident,
  updateResident,
  archiveResident,
  restoreResident,
  importResidents,
  listUpcomingChanges,
  executeUpcomingChanges,
  listTimeline,
  listDuplicates,
  linkDuplicate,
  exportPerson,
  erasePerson,
  listSavedViews,
  saveView,
  removeView,
  startExport,
  readExport,
  planSync,
  applySync,
  applyUnits,
  directorySnapshot,
] as const;
