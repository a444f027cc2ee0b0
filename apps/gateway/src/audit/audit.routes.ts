import {
  eraseAuditPerson,
  exportAuditHead,
  getAuditEntry,
  getAuditRetention,
  JobId,
  listAuditEntries,
  readAuditExport,
  setAuditRetention,
  startAuditExport,
  verifyAudit,
} from '@leasewire/contracts';
import { z } from 'zod';
import { csvReply, FileHandlers, ndjsonReply } from '../files/file.handlers.js';
import { defineRoutes, get, memberRoute, nothing, post, put } from '../routing/route.js';

export const auditRoutes = defineRoutes('Audit', 'Who did what, when, and the proof that nobody changed the record.', [
  get('/audit', listAuditEntries, { summary: 'List audit entries' }),
  get('/audit/verify', { ...verifyAudit, input: nothing }, { summary: 'Verify the chain' }),
  post('/audit/verify', verifyAudit, {
    summary: 'Verify the chain against a head kept elsewhere',
    operationId: 'verifyAuditAgainst',
  }),
  get('/audit/head', exportAuditHead, { summary: 'The signed head of the chain', operationId: 'getAuditHead' }),
  get('/audit/retention', getAuditRetention, { summary: 'How long entries are kept', operationId: 'getAuditRetention' }),
  put('/audit/retention', setAuditRetention, {
    summary: 'Change how long entries are kept',
    operationId: 'setAuditRetention',
    ifMatch: 'version',
  }),
  post('/audit/erasures', eraseAuditPerson, { summary: 'Erase a person from the record', operationId: 'eraseAuditPerson' }),
  post('/audit/exports', startAuditExport, {
    summary: 'Export entries as a file',
    operationId: 'startAuditExport',
    status: 202,
    location: '/v1/jobs/{jobId}',
  }),
  memberRoute(
    'GET',
    '/v1/audit/exports/:jobId/file',
    {
      operationId: 'downloadAuditExport',
      summary: 'The file of a finished export',
      access: 'accounts.audit:view',
      input: z.object({ jobId: JobId }),
      replies: [ndjsonReply, csvReply],
      errors: readAuditExport.errors,
    },
    (resolve) => {
      const files = resolve(FileHandlers);
      return (exchange, { jobId }, caller) => files.auditExport(exchange, jobId, caller);
    },
  ),
  get('/audit/:entryId', getAuditEntry, { summary: 'One audit entry', operationId: 'getAuditEntry' }),
]);
