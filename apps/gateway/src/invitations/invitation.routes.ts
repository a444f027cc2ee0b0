import {
  getAccount,
  getInvitation,
  getInvitationSettings,
  getTerms,
  invitationReport,
  listAccounts,
  listInvitations,
  previewResend,
  publishTerms,
  resendInvitations,
  resetInvitationSettings,
  setInvitationSettings,
  startInvitationExport,
} from '@leasewire/contracts';
import { defineRoutes, get, patch, post, del } from '../routing/route.js';

const whenVersionIsGiven = { field: 'version', required: false };

export const invitationRoutes = defineRoutes('Invitations', 'Welcome mails, what became of them, and who has an account.', [
  get('/invitations', listInvitations, { summary: 'List invitations' }),
  get('/invitations/report', invitationReport, { summary: 'From imported to live, per property' }),
  post('/invitations/preview', previewResend, { summary: 'What a resend would do' }),
  post('/invitations/resend', resendInvitations, { summary: 'Resend invitations', status: 202, location: '/v1/jobs/{id}' }),
  post('/invitations/exports', startInvitationExport, {
    summary: 'Export accounts as CSV',
    operationId: 'startInvitationExport',
    status: 202,
    location: '/v1/jobs/{id}',
  }),
  get('/invitations/:invitationId', getInvitation, { summary: 'One invitation' }),
  get('/accounts', listAccounts, { summary: 'List accounts' }),
  get('/accounts/:personId', getAccount, { summary: 'The account of a person' }),
  get('/properties/:propertyId/invitation-settings', getInvitationSettings, { summary: 'Invitation Email Settings' }),
  patch('/properties/:propertyId/invitation-settings', setInvitationSettings, {
    summary: 'Change the Invitation Email Settings',
    ifMatch: whenVersionIsGiven,
  }),
  del('/properties/:propertyId/invitation-settings', resetInvitationSettings, { summary: 'Back to the defaults' }),
  get('/terms', getTerms, { summary: 'Terms and conditions' }),
  post('/terms', publishTerms, { summary: 'Publish new terms and conditions', status: 201 }),
]);
