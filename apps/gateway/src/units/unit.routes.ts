import { countUnits, createUnit, getUnit, listResidents, listUnits, removeUnits, updateUnit } from '@leasewire/contracts';
import { defineRoutes, get, patch, post } from '../routing/route.js';

export const unitRoutes = defineRoutes('Units', 'Units and their bedrooms; in a strata, lots.', [
  get('/units', listUnits, { summary: 'List units' }),
  post('/units', createUnit, { summary: 'Add a unit by hand', status: 201, location: '/v1/units/{id}' }),
  get('/units/facets', countUnits, { summary: 'Total and counts of a filter of units' }),
  post('/units/remove', removeUnits, { summary: 'Remove units for good' }),
  get('/units/:unitId', getUnit, { summary: 'One unit' }),
  patch('/units/:unitId', updateUnit, { summary: 'Change a unit', ifMatch: 'version' }),
  get('/units/:unitId/residents', listResidents, { summary: 'Residents of a unit', operationId: 'listResidentsOfUnit' }),
]);
