import { createApiKey, getApiKey, listApiKeys, revokeApiKey } from '@leasewire/contracts';
import { defineRoutes, del, get, post } from '../routing/route.js';

export const apiKeyRoutes = defineRoutes('API keys', 'Keys for programs: with permissions and properties of their own.', [
  get('/api-keys', listApiKeys, { summary: 'List API keys' }),
  post('/api-keys', createApiKey, { summary: 'Create an API key', status: 201, location: '/v1/api-keys/{id}' }),
  get('/api-keys/:apiKeyId', getApiKey, { summary: 'One API key' }),
  del('/api-keys/:apiKeyId', revokeApiKey, { summary: 'Revoke an API key' }),
]);
