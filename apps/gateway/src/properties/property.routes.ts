import {
  archiveProperty,
  createProperty,
  estimateStart,
  getPolicies,
  getProperty,
  getSyncedProperty,
  listBalances,
  listProperties,
  listResidents,
  listUnits,
  listUpcomingChanges,
  previewPolicies,
  previewSyncPolicy,
  setPolicies,
  setSyncPolicy,
  startService,
  updateProperty,
} from '@leasewire/contracts';
import { defineRoutes, get, patch, post, put } from '../routing/route.js';

export const propertyRoutes = defineRoutes(
  'Properties',
  'Buildings and communities, their policies, and whether service has started.',
  [
    get('/properties', listProperties, { summary: 'List properties' }),
    post('/properties', createProperty, { summary: 'Add a property by hand', status: 201, location: '/v1/properties/{id}' }),
    get('/properties/:propertyId', getProperty, { summary: 'One property' }),
    patch('/properties/:propertyId', updateProperty, { summary: 'Change a property', ifMatch: 'version' }),
    post('/properties/:propertyId/archive', archiveProperty, {
      summary: 'Archive a property',
      ifMatch: { field: 'version', required: false },
    }),
    get('/properties/:propertyId/policies', getPolicies, { summary: 'When access opens and closes' }),
    put('/properties/:propertyId/policies', setPolicies, { summary: 'Change the policies, or reset them', ifMatch: 'version' }),
    post('/properties/:propertyId/policies/preview', previewPolicies, { summary: 'Who would gain or lose access today' }),
    get('/properties/:propertyId/start-estimate', estimateStart, { summary: 'What Start service would do' }),
    post('/properties/:propertyId/start-service', startService, { summary: 'Start service' }),
    get('/properties/:propertyId/units', listUnits, { summary: 'Units of a property', operationId: 'listUnitsOfProperty' }),
    get('/properties/:propertyId/deleted-units', listUnits, {
      summary: 'Units that the PMS no longer has',
      operationId: 'listDeletedUnits',
      fixed: { deletedUpstream: true },
    }),
    get('/properties/:propertyId/residents', listResidents, {
      summary: 'Residents of a property',
      operationId: 'listResidentsOfProperty',
    }),
    get('/properties/:propertyId/upcoming-changes', listUpcomingChanges, {
      summary: 'Moves to come in a property',
      operationId: 'listUpcomingChangesOfProperty',
    }),
    get('/properties/:propertyId/sync', getSyncedProperty, {
      summary: 'How a property is kept in step',
      operationId: 'getSyncOfProperty',
    }),
    put('/properties/:propertyId/sync/policy', setSyncPolicy, {
      summary: 'Change how and when it is synced',
      ifMatch: 'version',
    }),
    post('/properties/:propertyId/sync/policy/preview', previewSyncPolicy, {
      summary: 'Whom another sync policy would bring in',
    }),
    get('/properties/:propertyId/balances', listBalances, {
      summary: 'What residents of a property owe',
      operationId: 'listBalancesOfProperty',
    }),
  ],
);
