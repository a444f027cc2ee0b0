import { z } from 'zod';
import { defineEvent } from '../define.js';
import { jobChanged } from '../jobs.js';
import { Money } from '../words.js';
import { Connection, CsvImportSummary, Hold, ResidentBalance, SyncedProperty, SyncRun } from './words.js';

const at = '2026-11-24T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const connection = {
  id: `con_${body}`,
  name: 'Entrata',
  pms: 'entrata',
  settings: { subdomain: 'harbour' },
  credentialsSetAt: at,
  health: { state: 'healthy', lastSuccessAt: at, lastError: null, failures: 0, nextRunAt: at, rateBudgetLeft: 0.9, stale: 0 },
  properties: 1,
  state: 'active',
  version: 2,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof Connection>;
const run = {
  id: `run_${body}`,
  propertyId: `prop_${body}`,
  connectionId: `con_${body}`,
  scope: 'sweep',
  cause: 'schedule',
  state: 'done',
  complete: true,
  counts: { synced: 3, unchanged: 212, skipped: 4, failed: 0, held: 0 },
  pages: 3,
  warnings: [],
  error: null,
  startedBy: 'service:pms-sync',
  createdAt: at,
  startedAt: at,
  finishedAt: at,
  fetchedAt: at,
  version: 4,
} satisfies z.input<typeof SyncRun>;
const hold = {
  id: `hold_${body}`,
  propertyId: `prop_${body}`,
  runId: `run_${body}`,
  state: 'open',
  count: 70,
  livingHere: 215,
  people: [],
  unitCount: 0,
  units: [],
  openedAt: at,
  expiresAt: at,
  decidedAt: null,
  decidedBy: null,
  note: null,
  banner: '70 of 215 people vanished from Entrata. Nobody was moved out; look and decide.',
  version: 1,
} satisfies z.input<typeof Hold>;
const synced = {
  propertyId: `prop_${body}`,
  connectionId: `con_${body}`,
  upstreamId: '4711',
  name: 'Harbour Court',
  kind: 'rental',
  timeZone: 'Australia/Brisbane',
  policy: {
    everyMinutes: 30,
    nightlyAt: '02:00',
    occupants: true,
    guarantors: false,
    withoutEmail: true,
    brakeShare: 0.1,
    brakeCount: 5,
    growthShare: 0.5,
    balances: false,
  },
  lastRun: null,
  lastCompleteSweepAt: null,
  nextRunAt: at,
  staleSince: null,
  openHolds: 0,
  version: 1,
} as const satisfies z.input<typeof SyncedProperty>;

const csvImport = {
  id: `imp_${body}`,
  propertyId: `prop_${body}`,
  fileName: 'residents.csv',
  state: 'checked',
  error: null,
  bytes: 18_204,
  encoding: 'UTF-8',
  columns: { emailAddress: 'E-mail', name: 'Resident', unitId: 'Bldg-Unit' },
  ignoredColumns: ['Shoe size'],
  rows: 212,
  people: 209,
  newPeople: 4,
  newUnits: 0,
  failedRows: 3,
  missing: 2,
  mayRemove: true,
  sameAs: null,
  removeMissing: false,
  runId: null,
  uploadedBy: `staff:stf_${body}`,
  createdAt: at,
  checkedAt: at,
  expiresAt: at,
} satisfies z.input<typeof CsvImportSummary>;

const aboutConnection = (name: `pms-sync.connection.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ connection: Connection }), {
    describe,
    view: 'accounts.integrations:view',
    example: { connection },
  });
const aboutRun = (name: `pms-sync.sync-run.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ run: SyncRun }), { describe, view: 'residence.residence:view', example: { run } });
const aboutHold = (name: `pms-sync.hold.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ hold: Hold }), { describe, view: 'residence.residence:view', example: { hold } });
const aboutImport = (name: `pms-sync.csv-import.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ csvImport: CsvImportSummary }), {
    describe,
    view: 'residence.residence:view',
    example: { csvImport },
  });
const aboutSynced = (name: `pms-sync.synced-property.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ syncedProperty: SyncedProperty }), {
    describe,
    view: 'accounts.integrations:view',
    example: { syncedProperty: synced },
  });

export const connectionCreated = aboutConnection('pms-sync.connection.created', 'A PMS was connected.');
export const connectionChanged = aboutConnection(
  'pms-sync.connection.changed',
  'Name, settings, credentials or state of a connection changed. Credentials are not part of the event.',
);
export const connectionFailing = aboutConnection(
  'pms-sync.connection.failing',
  'A connection failed several times in a row; somebody should look.',
);
export const connectionRecovered = aboutConnection('pms-sync.connection.recovered', 'A connection that was failing works again.');
export const connectionDisconnected = aboutConnection('pms-sync.connection.disconnected', 'A connection was ended.');
export const propertyAdopted = aboutSynced(
  'pms-sync.synced-property.adopted',
  'A property is kept in step with a PMS from now on.',
);
export const syncPolicyChanged = aboutSynced('pms-sync.synced-property.changed', 'How or when a property is synced changed.');
export const propertyReleased = aboutSynced(
  'pms-sync.synced-property.released',
  'A property is no longer kept in step with a PMS.',
);
export const syncRunStarted = aboutRun('pms-sync.sync-run.started', 'A sync that staff asked for began.');
export const syncRunCompleted = aboutRun('pms-sync.sync-run.completed', 'A sync ended, well or not; counts and error say how.');
export const holdOpened = aboutHold(
  'pms-sync.hold.opened',
  'Removals wait for a person: more vanished than the policy lets go unasked.',
);
export const holdResolved = aboutHold(
  'pms-sync.hold.resolved',
  'A hold was approved, rejected, withdrawn by a later sweep, or expired.',
);

export const balanceChanged = defineEvent(
  'pms-sync.balance.changed',
  1,
  z.object({ balance: ResidentBalance, before: Money.nullable().describe('null: nothing was known') }),
  {
    describe: 'A PMS told another balance of a resident than before. `owes: false` after `true`: they have paid.',
    view: 'residence.residence:view',
    example: {
      balance: {
        residentId: `res_${body}`,
        propertyId: `prop_${body}`,
        upstreamId: '4711',
        balance: { amount: 0, currency: 'USD' },
        owes: false,
        owesSince: null,
        asOf: at,
        version: 3,
      },
      before: { amount: 125_00, currency: 'USD' },
    },
  },
);

export const csvUploaded = aboutImport('pms-sync.csv-import.uploaded', 'Somebody uploaded a CSV file; it is being checked.');
export const csvChecked = aboutImport('pms-sync.csv-import.checked', 'A CSV file was checked, or cannot be read.');
export const csvStarted = aboutImport(
  'pms-sync.csv-import.started',
  'Somebody had a CSV file imported; its run says what comes of it.',
);
export const csvDeleted = aboutImport(
  'pms-sync.csv-import.deleted',
  'What was uploaded is deleted: by staff, after its time, or because a person is to be forgotten.',
);

export const pmsSyncEvents = [
  connectionCreated,
  connectionChanged,
  connectionFailing,
  connectionRecovered,
  connectionDisconnected,
  propertyAdopted,
  syncPolicyChanged,
  propertyReleased,
  syncRunStarted,
  syncRunCompleted,
  holdOpened,
  holdResolved,
  balanceChanged,
  csvUploaded,
  csvChecked,
  csvStarted,
  csvDeleted,
  jobChanged('pms-sync', 'residence.residence:view'),
] as const;
