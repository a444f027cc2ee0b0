import { z } from 'zod';
import { defineRpc } from '../define.js';
import { CsvImportId, PropertyId } from '../ids.js';
import { PageQuery, pageOf } from '../words.js';
import { CsvImport, CsvImportSummary, CsvProblem, MissingPerson, SyncRun } from './words.js';

const view = 'residence.residence:view';
const full = 'residence.residence:full';
const one = z.object({ importId: CsvImportId });

/** How much of a file one call brings, before base64. */
export const uploadPartBytes = 384 * 1024;
export const mostUploadBytes = 8 * 1024 * 1024;

/** One stretch of a file that is downloaded; `next` asks for the one behind it. */
const Stretch = z.object({ text: z.string(), next: z.string().nullable() });

export const beginUpload = defineRpc('pms-sync.begin-upload', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, fileName: z.string().trim().min(1).max(200) }),
  output: CsvImportSummary,
  errors: ['not-found', 'import.property-linked', 'conflict.state'],
  permission: full,
  describe: 'Begin to upload a CSV file for a property.',
  timeoutMs: 10_000,
});
export const addUploadPart = defineRpc('pms-sync.add-upload-part', {
  does: 'command',
  input: one.extend({
    part: z
      .int()
      .min(0)
      .max(Math.ceil(mostUploadBytes / uploadPartBytes)),
    data: z.base64().max(Math.ceil(uploadPartBytes / 3) * 4),
  }),
  output: z.object({}),
  errors: ['not-found', 'conflict.state', 'payload-too-large'],
  permission: full,
  describe: 'The next bytes of a file.',
  timeoutMs: 10_000,
});
export const endUpload = defineRpc('pms-sync.end-upload', {
  does: 'command',
  input: one.extend({ parts: z.int().min(0).max(1000) }),
  output: CsvImportSummary,
  errors: ['not-found', 'conflict.state'],
  permission: full,
  describe: 'The file is whole: check it.',
  timeoutMs: 10_000,
});
export const listImports = defineRpc('pms-sync.list-imports', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional() }),
  output: pageOf(CsvImportSummary),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Uploaded files, newest first.',
});
export const getImport = defineRpc('pms-sync.get-import', {
  does: 'query',
  input: one,
  output: CsvImport,
  errors: ['not-found'],
  permission: view,
  describe:
    'An uploaded file: as long as it is `uploading` or `checking`, ask again. Then it says what is right, what is wrong cell by cell, and who would be missing. Nothing is imported yet.',
});
export const listImportProblems = defineRpc('pms-sync.list-import-problems', {
  does: 'query',
  input: PageQuery.extend(one.shape),
  output: pageOf(CsvProblem),
  errors: ['not-found', 'cursor.invalid'],
  permission: view,
  describe: 'All that is wrong in a file, row by row.',
});
export const listMissingPeople = defineRpc('pms-sync.list-missing-people', {
  does: 'query',
  input: PageQuery.extend(one.shape),
  output: pageOf(MissingPerson),
  errors: ['not-found', 'cursor.invalid'],
  permission: view,
  describe: 'Who lives in the property and is in no row of a file: whom `removeMissing` would move out.',
});
export const runImport = defineRpc('pms-sync.run-import', {
  does: 'command',
  input: one.extend({
    removeMissing: z
      .boolean()
      .default(false)
      .describe('Who is missing in the file moves out; as with any sync, many at once wait in a hold for a person'),
  }),
  output: SyncRun,
  errors: ['not-found', 'conflict.state', 'import.property-linked'],
  permission: full,
  describe: 'Import the rows without a problem. It is a sync like any other: with outcomes, the brake and holds.',
  timeoutMs: 10_000,
});
export const discardImport = defineRpc('pms-sync.discard-import', {
  does: 'command',
  input: one,
  output: CsvImportSummary,
  errors: ['not-found', 'conflict.state'],
  permission: full,
  describe: 'Delete what was uploaded. What was imported stays.',
});
export const readFailedRows = defineRpc('pms-sync.read-failed-rows', {
  does: 'query',
  input: one.extend({ next: z.string().max(100).optional() }),
  output: Stretch,
  errors: ['not-found', 'conflict.state'],
  permission: view,
  describe: 'The rows with a problem as a CSV file, each with what is wrong in the last column: correct it and upload it again.',
});
export const readImportTemplate = defineRpc('pms-sync.read-import-template', {
  does: 'query',
  input: z.object({ propertyId: PropertyId, next: z.string().max(1100).optional() }),
  output: Stretch,
  errors: ['not-found', 'cursor.invalid'],
  permission: view,
  describe: 'A CSV file with the people of a property and its empty units, to edit and to upload.',
  timeoutMs: 10_000,
});

export const importRpcs = [
  beginUpload,
  addUploadPart,
  endUpload,
  listImports,
  getImport,
  listImportProblems,
  listMissingPeople,
  runImport,
  discardImport,
  readFailedRows,
  readImportTemplate,
] as const;
