import { cancelSyncRun, getSyncRun, listJobOutcomes, listRunOutcomes, listSyncRuns, startSync } from '@leasewire/contracts';
import { defineRoutes, get, post } from '../routing/route.js';

export const syncRunRoutes = defineRoutes('Sync runs', 'Syncing now, and what each sync came to, person by person.', [
  get('/sync-runs', listSyncRuns, { summary: 'List sync runs' }),
  post('/sync-runs', startSync, { summary: 'Sync now', status: 202, location: '/v1/jobs/{id}' }),
  get('/sync-runs/:runId', getSyncRun, { summary: 'One sync run' }),
  get('/sync-runs/:runId/outcomes', listRunOutcomes, { summary: 'Outcomes person by person' }),
  get('/sync-outcomes', listJobOutcomes, { summary: 'Outcomes of a job person by person, over all its runs' }),
  post('/sync-runs/:runId/cancel', cancelSyncRun, { summary: 'Cancel a sync run' }),
]);
