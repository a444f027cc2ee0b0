import {
  addUploadPart,
  beginUpload,
  CsvImportId,
  CsvImportSummary,
  discardImport,
  endUpload,
  getImport,
  listImportProblems,
  listImports,
  listMissingPeople,
  mostUploadBytes,
  PropertyId,
  readFailedRows,
  readImportTemplate,
  runImport,
} from '@leasewire/contracts';
import { z } from 'zod';
import { csvReply, FileHandlers } from '../files/file.handlers.js';
import { defineRoutes, get, memberRoute, post } from '../routing/route.js';
import { ImportHandlers } from './import.handlers.js';

export const UploadInput = z.object({
  propertyId: PropertyId,
  fileName: beginUpload.input.shape.fileName.default('residents.csv').describe('As it is shown in the list'),
});

export const importRoutes = defineRoutes(
  'Imports',
  'CSV files for properties without a PMS: upload, see what is right and wrong in it, import what is right.',
  [
    get('/imports', listImports, { summary: 'List uploaded files' }),
    memberRoute(
      'POST',
      '/v1/imports',
      {
        operationId: 'uploadImport',
        summary: 'Upload a CSV file',
        description:
          'The body is the file itself, up to 8 MB: `curl --data-binary @residents.csv -H "Content-Type: text/csv"`. UTF-8, UTF-16 and Windows-1252 are read; comma, semicolon or tab; headers as spreadsheets of other systems name them. It is being checked then: ask for it until `state` is `checked` or `unreadable`. Nothing is imported yet.',
        access: 'residence.residence:full',
        input: UploadInput,
        body: 'csv',
        bodyLimit: mostUploadBytes,
        takesIdempotencyKey: true,
        replies: [
          {
            status: 201,
            describe: 'The file, being checked',
            type: 'application/json',
            schema: CsvImportSummary,
            headers: { Location: 'The uploaded file' },
          },
        ],
        errors: [...new Set([...beginUpload.errors, ...addUploadPart.errors, ...endUpload.errors])],
      },
      (resolve) => {
        const imports = resolve(ImportHandlers);
        return (exchange, input, caller) => imports.upload(exchange, input, caller);
      },
    ),
    get('/imports/:importId', getImport, { summary: 'One uploaded file, and what importing it would mean' }),
    get('/imports/:importId/problems', listImportProblems, { summary: 'What is wrong in a file' }),
    get('/imports/:importId/missing-people', listMissingPeople, { summary: 'Who is in no row of a file' }),
    memberRoute(
      'GET',
      '/v1/imports/:importId/failed-rows',
      {
        operationId: 'downloadFailedRows',
        summary: 'The rows with a problem, as CSV',
        description: readFailedRows.describe,
        access: 'residence.residence:view',
        input: z.object({ importId: CsvImportId }),
        replies: [csvReply],
        errors: readFailedRows.errors,
      },
      (resolve) => {
        const files = resolve(FileHandlers);
        return (exchange, { importId }, caller) => files.failedRows(exchange, importId, caller);
      },
    ),
    post('/imports/:importId/run', runImport, {
      summary: 'Import the rows without a problem',
      status: 202,
      location: '/v1/sync-runs/{id}',
    }),
    post('/imports/:importId/discard', discardImport, { summary: 'Delete what was uploaded' }),
    get('/properties/:propertyId/imports', listImports, {
      summary: 'Files uploaded for a property',
      operationId: 'listImportsOfProperty',
    }),
    memberRoute(
      'GET',
      '/v1/properties/:propertyId/import-template',
      {
        operationId: 'downloadImportTemplate',
        summary: 'A CSV file to fill in, with who is there already',
        description: readImportTemplate.describe,
        access: 'residence.residence:view',
        input: z.object({ propertyId: PropertyId }),
        replies: [csvReply],
        errors: readImportTemplate.errors.filter((code) => code !== 'cursor.invalid'),
      },
      (resolve) => {
        const files = resolve(FileHandlers);
        return (exchange, { propertyId }, caller) => files.importTemplate(exchange, propertyId, caller);
      },
    ),
  ],
);
