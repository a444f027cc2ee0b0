import {
  adoptProperties,
  createConnection,
  disconnect,
  getConnection,
  listConnections,
  listPlatforms,
  listSyncedProperties,
  listUpstreamProperties,
  previewDisconnect,
  testConnection,
  updateConnection,
} from '@leasewire/contracts';
import { defineRoutes, get, patch, post } from '../routing/route.js';

export const connectionRoutes = defineRoutes('Connections', 'Connections to property-management systems, and their health.', [
  get('/platforms', listPlatforms, { summary: 'What can be connected' }),
  get('/connections', listConnections, { summary: 'List connections' }),
  post('/connections', createConnection, { summary: 'Connect a PMS', status: 201, location: '/v1/connections/{id}' }),
  get('/connections/:connectionId', getConnection, { summary: 'One connection' }),
  patch('/connections/:connectionId', updateConnection, { summary: 'Change or pause a connection', ifMatch: 'version' }),
  post('/connections/:connectionId/test', testConnection, { summary: 'Test a connection' }),
  get('/connections/:connectionId/upstream-properties', listUpstreamProperties, { summary: 'Properties of the PMS' }),
  get('/connections/:connectionId/properties', listSyncedProperties, {
    summary: 'Properties kept in step',
    operationId: 'listPropertiesOfConnection',
  }),
  post('/connections/:connectionId/properties', adoptProperties, { summary: 'Adopt properties', status: 201 }),
  get('/connections/:connectionId/disconnect-preview', previewDisconnect, { summary: 'What disconnecting would mean' }),
  post('/connections/:connectionId/disconnect', disconnect, { summary: 'Disconnect' }),
  get('/synced-properties', listSyncedProperties, { summary: 'All properties kept in step with a PMS' }),
]);
