import { approveHold, getHold, listHeldPeople, listHolds, rejectHold } from '@leasewire/contracts';
import { defineRoutes, get, post } from '../routing/route.js';

const whenVersionIsGiven = { field: 'version', required: false };

export const holdRoutes = defineRoutes('Holds', 'Removals that a sync wanted and that wait for a person.', [
  get('/holds', listHolds, { summary: 'List holds' }),
  get('/holds/:holdId', getHold, { summary: 'One hold with its people' }),
  get('/holds/:holdId/people', listHeldPeople, { summary: 'Everybody of a hold' }),
  post('/holds/:holdId/approve', approveHold, { summary: 'Let these people be moved out', ifMatch: whenVersionIsGiven }),
  post('/holds/:holdId/reject', rejectHold, { summary: 'Move nobody out', ifMatch: whenVersionIsGiven }),
]);
