import { ActorRef, CsvImportId, CsvImportSummary, PropertyId, SyncRunId, type OrgId, type SyncRun } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { shownState } from './csv-import.rules.js';

const { fileName, bytes, encoding, columns, ignoredColumns, error } = CsvImportSummary.shape;
const { rows, people, newPeople, newUnits, failedRows, missing, mayRemove } = CsvImportSummary.shape;

export const csvImportDef = defineCollection(
  'csv_imports',
  tenantDoc.extend({
    _id: CsvImportId,
    propertyId: PropertyId,
    fileName,
    state: z.enum(['uploading', 'checking', 'checked', 'unreadable', 'discarded', 'expired']),
    error,
    uploadParts: z.int(),
    digest: z.string().nullable().describe('Of its bytes'),
    ...{ bytes, encoding, columns, ignoredColumns, rows, people, newPeople, newUnits, failedRows, missing, mayRemove },
    headers: z.array(z.string()).describe('As they were written'),
    preview: z.string().nullable().describe('Sealed JSON: it holds names'),
    sameAs: CsvImportId.nullable(),
    removeMissing: z.boolean(),
    runId: SyncRunId.nullable(),
    uploadedBy: ActorRef,
    checkedAt: z.date().nullable(),
    startedAt: z.date().nullable(),
    expiresAt: z.date(),
    due: Due.optional().describe('To be checked; later, to be deleted'),
  }),
  {
    scope: 'org',
    sealed: ['preview'],
    indexes: [
      ...dueIndexes,
      { keys: { orgId: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, startedAt: -1 } },
      { keys: { orgId: 1, propertyId: 1, digest: 1 } },
    ],
  },
);
export type CsvImportDoc = DocOf<typeof csvImportDef>;

@Injectable()
export class CsvImportRepository extends TenantRepository<typeof csvImportDef> {
  constructor(db: Database) {
    super(db, csvImportDef);
  }

  /** The same bytes for the same property, before this one. */
  sameBefore({ orgId, propertyId, _id }: CsvImportDoc, digest: string): Promise<CsvImportDoc | null> {
    return this.find({ orgId, propertyId, digest, _id: { $lt: _id } }, { sort: { _id: -1 }, limit: 1 }).then(
      ([found]) => found ?? null,
    );
  }

  lastStarted(orgId: OrgId, propertyId: PropertyId, tx: Tx): Promise<CsvImportDoc | null> {
    const started = { orgId, propertyId, startedAt: { $type: 'date' } } as const;
    return this.find(started, { sort: { startedAt: -1 }, limit: 1, tx }).then(([found]) => found ?? null);
  }
}

export function toSummary(doc: CsvImportDoc, run: SyncRun['state'] | null): CsvImportSummary {
  const { _id: id, propertyId, state, sameAs, removeMissing, runId, uploadedBy } = doc;
  return {
    id,
    propertyId,
    fileName: doc.fileName,
    state: shownState(state, run),
    error: doc.error,
    bytes: doc.bytes,
    encoding: doc.encoding,
    columns: doc.columns,
    ignoredColumns: doc.ignoredColumns,
    rows: doc.rows,
    people: doc.people,
    newPeople: doc.newPeople,
    newUnits: doc.newUnits,
    failedRows: doc.failedRows,
    missing: doc.missing,
    mayRemove: doc.mayRemove,
    sameAs,
    removeMissing,
    runId,
    uploadedBy,
    createdAt: doc.createdAt.toISOString(),
    checkedAt: doc.checkedAt?.toISOString() ?? null,
    expiresAt: doc.expiresAt.toISOString(),
  };
}

export const previewPlace = (orgId: OrgId) => ({ orgId, collection: csvImportDef.name, field: 'preview' });
