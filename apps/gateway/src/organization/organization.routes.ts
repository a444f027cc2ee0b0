import { getOrganization, updateOrganization } from '@leasewire/contracts';
import { defineRoutes, get, patch } from '../routing/route.js';

export const organizationRoutes = defineRoutes('Organization', 'The organization of the caller.', [
  get('/organization', getOrganization, { summary: 'The organization' }),
  patch('/organization', updateOrganization, { summary: 'Rename the organization', ifMatch: 'version' }),
]);
