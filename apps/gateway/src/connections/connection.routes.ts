import {
  adoptProperties,
  ConnectionId,
  createConnection,
  disconnect,
  disconnectAll,
  getConnection,
  listConnections,
  listPlatforms,
  listSyncedProperties,
  listUpstreamProperties,
  previewDisconnect,
  previewDisconnectAll,
  receiveWebhook,
  testConnection,
  updateConnection,
} from '@leasewire/contracts';
import { z } from 'zod';
import { defineRoutes, get, openRoute, patch, post } from '../routing/route.js';
import { WebhookHandlers } from './webhook.handlers.js';

const mostWebhookBytes = 100_000;

export const connectionRoutes = defineRoutes('Connections', 'Connections to property-management systems, and their health.', [
  get('/platforms', listPlatforms, { summary: 'What can be connected' }),
  get('/connections', listConnections, { summary: 'List connections' }),
  post('/connections', createConnection, { summary: 'Connect a PMS', status: 201, location: '/v1/connections/{id}' }),
  get('/connections/disconnect-preview', previewDisconnectAll, { summary: 'What ending all connections would mean' }),
  post('/connections/disconnect', disconnectAll, { summary: 'End all connections, as when the organization closes' }),
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
  openRoute(
    'POST',
    '/v1/connections/:connectionId/webhook',
    {
      operationId: 'receiveWebhook',
      summary: 'Where the PMS tells that something changed',
      description:
        'For Buildium, whose webhooks are signed with the secret of the connection (`buildium-webhook-timestamp`, `buildium-webhook-signature`). What it tells is a signal: who changed is looked up in the PMS.',
      input: z.object({ connectionId: ConnectionId }),
      body: 'signed',
      bodyLimit: mostWebhookBytes,
      replies: [{ status: 202, describe: 'Heard', type: 'application/json', schema: receiveWebhook.output }],
      errors: receiveWebhook.errors,
    },
    (resolve) => {
      const webhooks = resolve(WebhookHandlers);
      return (exchange, { connectionId }) => webhooks.receive(exchange, connectionId);
    },
  ),
  get('/synced-properties', listSyncedProperties, { summary: 'All properties kept in step with a PMS' }),
]);
