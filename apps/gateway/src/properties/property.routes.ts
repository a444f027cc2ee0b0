import {
  archiveProperty,
  createProperty,
  estimateStart,
  estimateStartMails,
  getImportProgress,
  getPolicies,
  getProperty,
  getSyncedProperty,
  listBalances,
  importResidents,
  listProperties,
  listResidents,
  listUnits,
  listUpcomingChanges,
  previewImportMode,
  previewPolicies,
  previewSyncPolicy,
  previewRemoveProperty,
  removeProperty,
  setImportMode,
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
    post('/properties/:propertyId/remove/preview', previewRemoveProperty, { summary: 'What removing a property would mean' }),
    post('/properties/:propertyId/remove', removeProperty, {
      summary: 'Remove a property with everybody in it',
      description:
        'Archives its people, which ends their access, and puts it away; the history stays. Needs the digest of the preview.',
      ifMatch: { field: 'version', required: false },
    }),
    get('/properties/:propertyId/policies', getPolicies, { summary: 'When access opens and closes' }),
    put('/properties/:propertyId/policies', setPolicies, { summary: 'Change the policies, or reset them', ifMatch: 'version' }),
    post('/properties/:propertyId/policies/preview', previewPolicies, { summary: 'Who would gain or lose access today' }),
    get('/properties/:propertyId/start-estimate', estimateStart, { summary: 'What Start service would do' }),
    get('/properties/:propertyId/start-estimate/mails', estimateStartMails, {
      summary: 'How many welcome mails Start service would send',
    }),
    post('/properties/:propertyId/start-service', startService, { summary: 'Start service' }),
    get('/properties/:propertyId/import-progress', getImportProgress, { summary: 'How far the import of a property is' }),
    get('/properties/:propertyId/pending-import', listResidents, {
      summary: 'Who waits in Pending Import',
      operationId: 'listPendingImport',
      fixed: { state: ['pending-import'] },
    }),
    get('/properties/:propertyId/imported', listResidents, {
      summary: 'Who was imported',
      operationId: 'listImported',
      fixed: { state: ['active'] },
    }),
    post('/properties/:propertyId/pending-import/import', importResidents, {
      summary: 'Import pending residents of a property',
      description: 'One, a selection, or all that match a filter; each is decided on again when it is their turn.',
      operationId: 'importResidentsOfProperty',
      fixed: { dismiss: false },
      status: 202,
      location: '/v1/jobs/{id}',
    }),
    post('/properties/:propertyId/pending-import/dismiss', importResidents, {
      summary: 'Dismiss pending residents of a property',
      description: 'They are archived as dismissed; a later sync does not bring them back, staff can restore them.',
      operationId: 'dismissResidentsOfProperty',
      fixed: { dismiss: true },
      status: 202,
      location: '/v1/jobs/{id}',
    }),
    post('/properties/:propertyId/import-mode/preview', previewImportMode, { summary: 'What another import mode would mean' }),
    put('/properties/:propertyId/import-mode', setImportMode, {
      summary: 'Change how new people arrive',
      ifMatch: { field: 'version', required: false },
    }),
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
