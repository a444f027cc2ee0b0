import { CsvImportId, failedCsvRows, getCsvImport, runCsvImport, uploadCsv } from '@leasewire/contracts';
import { z } from 'zod';
import { csvReply, FileHandlers } from '../files/file.handlers.js';
import { defineRoutes, get, memberRoute, post } from '../routing/route.js';

export const importRoutes = defineRoutes('Imports', 'CSV files for properties without a PMS: check, correct, import.', [
  post('/imports', uploadCsv, { summary: 'Upload and check a CSV file', status: 201, location: '/v1/imports/{id}' }),
  get('/imports/:importId', getCsvImport, { summary: 'What is right and wrong in a file' }),
  post('/imports/:importId/run', runCsvImport, { summary: 'Import the valid rows', status: 202, location: '/v1/sync-runs/{id}' }),
  memberRoute(
    'GET',
    '/v1/imports/:importId/failed-rows',
    {
      operationId: 'downloadFailedRows',
      summary: 'The rows that are wrong, to correct and upload again',
      access: 'residence.residence:view',
      input: z.object({ importId: CsvImportId }),
      replies: [csvReply],
      errors: failedCsvRows.errors,
    },
    (resolve) => {
      const files = resolve(FileHandlers);
      return (exchange, input, caller) => files.text(exchange, failedCsvRows, input, caller, 'failed-rows');
    },
  ),
]);
