import {
  archiveStaff,
  endSessions,
  getStaff,
  inviteStaff,
  listSessions,
  listStaff,
  renewStaffLink,
  resetTwoFactor,
  restoreStaff,
  updateStaff,
} from '@leasewire/contracts';
import { defineRoutes, del, get, patch, post } from '../routing/route.js';

export const staffRoutes = defineRoutes('Staff', 'Who works here, in which roles, for which properties.', [
  get('/staff', listStaff, { summary: 'List staff' }),
  post('/staff', inviteStaff, { summary: 'Invite someone', status: 201, location: '/v1/staff/{id}' }),
  get('/staff/:staffId', getStaff, { summary: 'One staff member' }),
  patch('/staff/:staffId', updateStaff, { summary: 'Change a staff member', ifMatch: 'version' }),
  post('/staff/:staffId/archive', archiveStaff, { summary: 'Archive a staff member' }),
  post('/staff/:staffId/restore', restoreStaff, { summary: 'Restore a staff member' }),
  post('/staff/:staffId/link', renewStaffLink, { summary: 'A new link to join or to set a password' }),
  post('/staff/:staffId/two-factor/reset', resetTwoFactor, { summary: 'Turn the second factor of a staff member off' }),
  get('/staff/:staffId/sessions', listSessions, {
    summary: 'Where a staff member is signed in',
    operationId: 'listStaffSessions',
  }),
  del('/staff/:staffId/sessions', endSessions, {
    summary: 'Sign a staff member out everywhere',
    operationId: 'endStaffSessions',
  }),
]);
