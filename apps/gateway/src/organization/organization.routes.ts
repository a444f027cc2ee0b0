import {
  closeOrganization,
  getOrganization,
  keepOrganization,
  previewCloseOrganization,
  previewCloseResidents,
  updateOrganization,
} from '@leasewire/contracts';
import { defineRoutes, get, patch, post } from '../routing/route.js';

const whenVersionIsGiven = { field: 'version', required: false } as const;

export const organizationRoutes = defineRoutes('Organization', 'The organization of the caller.', [
  get('/organization', getOrganization, { summary: 'The organization' }),
  patch('/organization', updateOrganization, { summary: 'Rename the organization', ifMatch: 'version' }),
  get('/organization/close-preview', previewCloseOrganization, { summary: 'What closing would mean for staff and keys' }),
  get('/organization/close-preview/residents', previewCloseResidents, { summary: 'What closing would mean for people' }),
  post('/organization/close', closeOrganization, {
    summary: 'Close the organization, in some days',
    ifMatch: whenVersionIsGiven,
  }),
  post('/organization/keep', keepOrganization, { summary: 'Keep the organization after all', ifMatch: whenVersionIsGiven }),
]);
