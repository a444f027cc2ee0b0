import {
  archiveResident,
  countResidents,
  createResident,
  endSessionsOfResident,
  erasePerson,
  executeUpcomingChanges,
  explainAccess,
  explainMissing,
  exportPerson,
  getBalance,
  getPerson,
  getResident,
  importResidents,
  JobId,
  linkDuplicate,
  linkResident,
  listDuplicates,
  listResidents,
  listSavedViews,
  listSessionsOfResident,
  listTimeline,
  listUpcomingChanges,
  readExport,
  removeView,
  restoreResident,
  saveView,
  startExport,
  startResidentView,
  updateResident,
} from '@leasewire/contracts';
import { z } from 'zod';
import { csvReply, FileHandlers } from '../files/file.handlers.js';
import { defineRoutes, del, get, memberRoute, patch, post } from '../routing/route.js';
import { Missing, MissingHandlers } from './missing.handlers.js';

const whenVersionIsGiven = { field: 'version', required: false };

export const residentRoutes = defineRoutes('Residents', 'People in properties: who lives where, what they may use, and why.', [
  get('/residents', listResidents, { summary: 'List residents' }),
  post('/residents', createResident, { summary: 'Add a resident by hand', status: 201, location: '/v1/residents/{id}' }),
  get('/residents/facets', countResidents, { summary: 'Total and counts of a filter' }),
  memberRoute(
    'GET',
    '/v1/residents/missing',
    {
      operationId: 'explainMissing',
      summary: 'Why somebody is not on the list',
      description: `${explainMissing.describe} In \`leftOut\` whom the PMS lists there and who was not taken over, and why.`,
      access: 'residence.residence:view',
      input: explainMissing.input,
      replies: [{ status: 200, describe: 'Whoever it may be', type: 'application/json', schema: Missing }],
      errors: explainMissing.errors,
    },
    (resolve) => {
      const missing = resolve(MissingHandlers);
      return (exchange, input, caller) => missing.explain(exchange, input, caller);
    },
  ),
  post('/residents/import', importResidents, { summary: 'Import pending residents', status: 202, location: '/v1/jobs/{id}' }),
  get('/residents/:residentId', getResident, { summary: 'One resident' }),
  patch('/residents/:residentId', updateResident, { summary: 'Change a resident', ifMatch: 'version' }),
  post('/residents/:residentId/archive', archiveResident, { summary: 'Archive a resident', ifMatch: whenVersionIsGiven }),
  post('/residents/:residentId/restore', restoreResident, { summary: 'Restore a resident', ifMatch: whenVersionIsGiven }),
  get('/residents/:residentId/timeline', listTimeline, { summary: 'What happened to a resident' }),
  get('/residents/:residentId/access', explainAccess, { summary: 'Why someone has access, or has none' }),
  get('/residents/:residentId/balance', getBalance, { summary: 'What a resident owes, as the PMS said' }),
  post('/residents/:residentId/look', startResidentView, { summary: 'Look at what a resident sees', status: 201 }),
  get('/residents/:residentId/sessions', listSessionsOfResident, { summary: 'Where a resident is signed in' }),
  del('/residents/:residentId/sessions', endSessionsOfResident, { summary: 'Sign a resident out everywhere, or at one place' }),
  post('/residents/:residentId/link', linkResident, {
    summary: 'Say that two residents are one person',
    description: 'The resident of the path keeps its history; what the PMS says of the other goes on under it.',
  }),
  get('/upcoming-changes', listUpcomingChanges, { summary: 'Moves to come' }),
  post('/upcoming-changes/execute', executeUpcomingChanges, { summary: 'Let moves take effect now' }),
  get('/duplicates', listDuplicates, { summary: 'Who may be the same person' }),
  post('/duplicates/:id/decide', linkDuplicate, { summary: 'Same person, or not' }),
  get('/persons/:personId', getPerson, { summary: 'One person across properties' }),
  get('/persons/:personId/export', exportPerson, { summary: 'Everything known about a person' }),
  post('/persons/:personId/erase', erasePerson, { summary: 'Erase a person for good' }),
  get('/views', listSavedViews, { summary: 'Saved views' }),
  post('/views', saveView, { summary: 'Save a view', status: 201 }),
  del('/views/:id', removeView, { summary: 'Forget a saved view', status: 204 }),
  post('/exports', startExport, { summary: 'Export a list as CSV', status: 202, location: '/v1/jobs/{id}' }),
  memberRoute(
    'GET',
    '/v1/exports/:jobId/file',
    {
      operationId: 'downloadExport',
      summary: 'The file of a finished export',
      access: 'residence.residence:view',
      input: z.object({ jobId: JobId }),
      replies: [csvReply],
      errors: readExport.errors,
    },
    (resolve) => {
      const files = resolve(FileHandlers);
      return (exchange, { jobId }, caller) => files.export(exchange, jobId, caller);
    },
  ),
]);
