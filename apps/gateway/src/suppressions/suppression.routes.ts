import { addSuppression, getSender, listSuppressions, releaseSuppression, setSender } from '@leasewire/contracts';
import { defineRoutes, get, post, put } from '../routing/route.js';

const ofOrganization = { fixed: { propertyId: null } };
const whenVersionIsGiven = { field: 'version', required: false };

export const suppressionRoutes = defineRoutes(
  'Suppressions and senders',
  'Addresses that are not written to any more, and under whose name mail goes out.',
  [
    get('/suppressions', listSuppressions, { summary: 'List suppressed addresses' }),
    post('/suppressions', addSuppression, { summary: 'Write to an address no more', status: 201 }),
    post('/suppressions/:suppressionId/release', releaseSuppression, { summary: 'Write to an address again' }),
    get('/sender', getSender, {
      summary: 'The sender of the organization',
      operationId: 'getOrganizationSender',
      ...ofOrganization,
    }),
    put('/sender', setSender, {
      summary: 'Set the sender of the organization',
      operationId: 'setOrganizationSender',
      ifMatch: whenVersionIsGiven,
      ...ofOrganization,
    }),
    get('/properties/:propertyId/sender', getSender, { summary: 'The sender of a property' }),
    put('/properties/:propertyId/sender', setSender, { summary: 'Set the sender of a property', ifMatch: whenVersionIsGiven }),
  ],
);
