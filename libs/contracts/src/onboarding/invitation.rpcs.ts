import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import { ResidentSelection } from '../directory/resident-list.rpcs.js';
import { InvitationId, JobId, PersonId, PropertyId, ResidentId } from '../ids.js';
import { JobView } from '../jobs.js';
import { AccountStatus, Instant, PageQuery, pageOf, PropertyScope } from '../words.js';
import { Account, Invitation, InvitationMailState, InvitationState, WelcomeCounts } from './words.js';

export const InvitationFilter = z.object({
  propertyId: PropertyId.optional(),
  personId: PersonId.optional(),
  residentId: ResidentId.optional(),
  state: z.array(InvitationState).min(1).max(10).optional(),
  mail: z.array(InvitationMailState).min(1).max(10).optional().describe('`bounced`: the work list of bad addresses'),
  expiresBefore: Instant.optional(),
});
export const listInvitations = defineRpc('onboarding.list-invitations', {
  does: 'query',
  input: PageQuery.extend({ ...InvitationFilter.shape, withTotal: z.boolean().optional() }),
  output: pageOf(Invitation),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Invitations, newest first. Expired ones stay, so that they can be seen and sent again.',
});
export const getInvitation = defineRpc('onboarding.get-invitation', {
  does: 'query',
  input: z.object({ invitationId: InvitationId }),
  output: Invitation,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One invitation.',
});
export const getAccount = defineRpc('onboarding.get-account', {
  does: 'query',
  input: z.object({ personId: PersonId }),
  output: Account,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'The account of a person.',
});
export const listAccounts = defineRpc('onboarding.list-accounts', {
  does: 'query',
  input: PageQuery.extend({
    propertyId: PropertyId.optional(),
    status: z.array(AccountStatus).min(1).max(4).optional(),
    bounced: z
      .boolean()
      .optional()
      .describe(
        'The last mail reached nobody: it came back, failed or was skipped. Of residents: `mailState=bounced,failed,skipped`',
      ),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Account),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Accounts with their status: `status=pending-activation&bounced=true` is the list of those whom no mail reaches.',
});

/** What a resend would do, by the code that does it. */
export const ResendPreview = WelcomeCounts.extend({
  invitedInLastDay: z.int().nonnegative().describe('Of those who would get one: invited within the last 24 hours already'),
  examples: z.array(z.object({ residentId: ResidentId, name: z.string(), invitedAt: Instant })).max(20),
}).meta({ id: 'ResendPreview' });
export const previewResend = defineRpc('onboarding.preview-resend', {
  does: 'query',
  input: z.object({ selection: ResidentSelection }),
  output: ResendPreview,
  permission: 'residence.residence:view',
  describe: 'How many of a selection would be invited, who not and why, and who was invited in the last 24 hours.',
  timeoutMs: 10_000,
});
export const resendInvitations = defineRpc('onboarding.resend-invitations', {
  does: 'command',
  input: z.object({
    selection: ResidentSelection,
    skipInvitedInLastDay: z.boolean().default(false).describe('Leave out who was invited within the last 24 hours'),
  }),
  output: JobView,
  permission: 'residence.residence:full',
  describe: 'Send the welcome mail, for the first time or again, to one, several, or all that match a filter.',
});
export const resendJob = defineJob('onboarding.resend-invitations', {
  input: z.object({
    selection: ResidentSelection,
    skipInvitedInLastDay: z.boolean(),
    properties: PropertyScope.describe('What whoever asked may see'),
  }),
  item: z.object({ invitationId: InvitationId, mail: z.enum(['queued', 'planned']), again: z.boolean() }),
  permission: 'residence.residence:full',
  describe: 'Sends invitations one by one; who gets none is skipped with the reason.',
});

export const FunnelRow = z
  .object({
    propertyId: PropertyId,
    name: z.string(),
    pendingImport: z.int(),
    imported: z.int().describe('Active residents'),
    missingEmail: z.int(),
    invited: z.int().describe('Who was ever invited'),
    delivered: z.int().describe('Of them, whose last mail was accepted and did not come back'),
    bounced: z.int(),
    opened: z.int().describe('Who filled in the activation page'),
    live: z.int(),
    notInvited: z.int(),
    pendingActivation: z.int(),
    activationExpired: z.int(),
    expiringIn48Hours: z.int(),
    medianDaysToLive: z.number().nullable().describe('From the first invitation; null: nobody is live yet'),
  })
  .meta({ id: 'InvitationFunnel' });
export const invitationReport = defineRpc('onboarding.invitation-report', {
  does: 'query',
  input: z.object({ propertyId: PropertyId.optional() }),
  output: z.object({ items: z.array(FunnelRow), asOf: Instant }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'From imported to live, per property.',
  timeoutMs: 10_000,
});
export const startInvitationExport = defineRpc('onboarding.start-export', {
  does: 'command',
  input: z.object({ propertyId: PropertyId.optional(), status: z.array(AccountStatus).min(1).max(4).optional() }),
  output: JobView,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'Write the accounts and their invitations as a CSV file.',
});
export const readInvitationExport = defineRpc('onboarding.read-export', {
  does: 'query',
  input: z.object({ jobId: JobId, part: z.int().nonnegative() }),
  output: z.object({ text: z.string(), last: z.boolean() }),
  errors: ['not-found', 'conflict.state'],
  permission: 'residence.residence:view',
  describe: 'One part of a finished file.',
});
export const invitationExportJob = defineJob('onboarding.export', {
  input: z.object({
    propertyId: PropertyId.optional(),
    status: z.array(AccountStatus).optional(),
    properties: PropertyScope.describe('What whoever asked may see'),
  }),
  item: z.object({ rows: z.int() }),
  permission: 'residence.residence:view',
  describe: 'Writes a CSV file of accounts, part by part.',
});

export const invitationRpcs = [
  listInvitations,
  getInvitation,
  getAccount,
  listAccounts,
  previewResend,
  resendInvitations,
  invitationReport,
  startInvitationExport,
  readInvitationExport,
] as const;
export const invitationJobs = [resendJob, invitationExportJob] as const;
