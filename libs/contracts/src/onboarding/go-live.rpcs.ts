import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import { GoLiveId, PropertyId, ResidentId } from '../ids.js';
import { JobView } from '../jobs.js';
import { Instant, PageQuery, pageOf, UserType } from '../words.js';
import { GoLive, NoWelcomeReason, WelcomeCounts } from './words.js';

const permission = 'accounts.integrations:full';
const one = z.object({ goLiveId: GoLiveId });

export const GoLiveEstimate = GoLive.extend({
  confirmation: z.object({
    token: z.string().describe('Give it to start; it stands for exactly these people, rules and texts'),
    validUntil: Instant,
  }),
}).meta({ id: 'GoLiveEstimate' });
export const estimateGoLive = defineRpc('onboarding.estimate-go-live', {
  does: 'command',
  input: z.object({
    propertyIds: z.array(PropertyId).min(1).max(200),
    userTypes: z.array(UserType).min(1).max(5).describe('Who has at least one of them is imported'),
    spreadDays: z
      .int()
      .min(1)
      .max(30)
      .optional()
      .describe('Over how many days the mails go out; without it, as the properties say'),
  }),
  output: GoLiveEstimate,
  errors: ['not-found', 'forbidden'],
  permission,
  describe:
    'Who would be imported and how many welcome mails would be sent, per property and user type, by the code that sends them. Nothing happens yet.',
  timeoutMs: 15_000,
});
export const estimateStartMails = defineRpc('onboarding.estimate-start-mails', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: WelcomeCounts,
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe:
    'How many welcome mails Start service would send now, because access opens, by the code that sends them. None in a strata, or where the service has started.',
  timeoutMs: 10_000,
});
export const startGoLive = defineRpc('onboarding.start-go-live', {
  does: 'command',
  input: one.extend({ token: z.string().max(400), understood: z.boolean().describe('“I understand” was pressed') }),
  output: JobView,
  errors: ['not-found', 'forbidden', 'go-live.not-understood', 'go-live.estimate-changed', 'go-live.lapsed'],
  permission,
  describe:
    'Import the people of an estimate and send their welcome mails. Who left meanwhile is skipped, who came stays pending. Starting it again answers the same job.',
  timeoutMs: 15_000,
});
export const cancelGoLive = defineRpc('onboarding.cancel-go-live', {
  does: 'command',
  input: one,
  output: GoLive,
  errors: ['not-found', 'forbidden', 'conflict.state'],
  permission,
  describe:
    'Stop a Go Live: who was not imported yet stays pending, and mails that are still planned are withdrawn. What was sent stays sent. It is cancelled when its job is over.',
});
export const listGoLives = defineRpc('onboarding.list-go-lives', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional() }),
  output: pageOf(GoLive),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Go Lives that were started, newest first.',
});
export const getGoLive = defineRpc('onboarding.get-go-live', {
  does: 'query',
  input: one,
  output: GoLive,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One Go Live.',
});
export const GoLivePerson = z
  .object({
    residentId: ResidentId,
    propertyId: PropertyId,
    name: z.string(),
    email: z.string().nullable(),
    userTypes: z.array(UserType),
    welcome: z.boolean(),
    reason: NoWelcomeReason.nullable().describe('Why there is no welcome mail'),
  })
  .meta({ id: 'GoLivePerson' });
export const listGoLivePeople = defineRpc('onboarding.list-go-live-people', {
  does: 'query',
  input: PageQuery.extend({ goLiveId: GoLiveId, propertyId: PropertyId.optional(), welcome: z.boolean().optional() }),
  output: pageOf(GoLivePerson),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'The people of an estimate, and why some get no mail. What came of each is in the items of the job.',
});
export const goLiveJob = defineJob('onboarding.go-live', {
  input: one,
  item: z.object({
    imported: z.boolean(),
    mail: z.enum(['queued', 'planned', 'none']),
    reason: NoWelcomeReason.nullable(),
  }),
  permission: 'residence.residence:full',
  describe: 'Imports the people of a Go Live and sends their welcome mails.',
});
export const withdrawGoLiveJob = defineJob('onboarding.withdraw-go-live', {
  input: one,
  item: z.object({ residentId: ResidentId }),
  permission: 'residence.residence:full',
  describe: 'Withdraws the planned welcome mails of a Go Live that was cancelled.',
});
export const goLiveRpcs = [
  estimateGoLive,
  estimateStartMails,
  startGoLive,
  cancelGoLive,
  listGoLives,
  getGoLive,
  listGoLivePeople,
] as const;
