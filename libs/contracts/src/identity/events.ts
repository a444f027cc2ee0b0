import { z } from 'zod';
import { defineEvent } from '../define.js';
import type { Permission } from '../permissions.js';
import { residentEvents } from './resident.events.js';
import { ApiKey, Organization, Role, Session, Staff } from './words.js';

const at = '2026-11-20T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const organization = { id: `org_${body}`, name: 'Harbour Living', version: 1, createdAt: at, updatedAt: at } as const;
const staff = {
  id: `stf_${body}`,
  email: 'ana@harbour.example',
  name: 'Ana Reyes',
  locale: 'en-AU',
  state: 'active',
  roleIds: [`rol_${body}`],
  properties: 'all',
  twoFactor: false,
  inviteExpiresAt: null,
  lastSignInAt: at,
  version: 3,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof Staff>;
const role = {
  id: `rol_${body}`,
  name: 'Leasing desk',
  preset: null,
  permissions: { 'residence.residence': 'full' },
  version: 2,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof Role>;
const session = {
  id: `ses_${body}`,
  staffId: `stf_${body}`,
  startedAt: at,
  lastUsedAt: at,
  expiresAt: '2026-12-20T09:00:00.000Z',
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
} as const satisfies z.input<typeof Session>;
const apiKey = {
  id: `key_${body}`,
  name: 'Billing export',
  prefix: 'lw_7f3k',
  permissions: { 'residence.residence': 'view' },
  properties: 'all',
  createdBy: `staff:stf_${body}`,
  createdAt: at,
  lastUsedAt: null,
  expiresAt: null,
  revokedAt: null,
  version: 1,
} as const satisfies z.input<typeof ApiKey>;

const aboutOrganization = (name: `identity.organization.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ organization: Organization }), {
    describe,
    view: 'accounts.organization:view',
    example: { organization },
  });
const aboutStaff = (name: `identity.staff.${string}`, describe: string, view: Permission = 'accounts.staff:view') =>
  defineEvent(name, 1, z.object({ staff: Staff }), { describe, view, example: { staff } });
const aboutRole = (name: `identity.role.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ role: Role }), { describe, view: 'accounts.roles:view', example: { role } });
const aboutKey = (name: `identity.api-key.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ apiKey: ApiKey }), { describe, view: 'accounts.api-keys:view', example: { apiKey } });

export const organizationCreated = aboutOrganization('identity.organization.created', 'An organization began.');
export const organizationChanged = aboutOrganization('identity.organization.changed', 'An organization was renamed.');
export const organizationClosing = aboutOrganization(
  'identity.organization.closing',
  'An owner closed the organization. Nothing changes before `closing.takesEffectAt`; until then it can be kept.',
);
export const organizationKept = aboutOrganization(
  'identity.organization.kept',
  'The organization does not close after all: an owner kept it, or the operator opened it again.',
);
export const organizationClosed = aboutOrganization(
  'identity.organization.closed',
  'The organization is closed: connections end, messages that are planned or being sent are cancelled, reminders stop, and with `closing.residents` = archive everybody’s access ends. Staff and API keys follow, each with an event of their own.',
);

export const staffInvited = aboutStaff(
  'identity.staff.invited',
  'Someone was invited to join the staff; the link is not part of the event.',
);
export const staffJoined = aboutStaff('identity.staff.joined', 'An invited staff member set a password and can sign in.');
export const staffChanged = aboutStaff('identity.staff.changed', 'Name, e-mail or locale of a staff member changed.');
export const staffAccessChanged = aboutStaff(
  'identity.staff.access-changed',
  'Roles or property scope of a staff member changed.',
);
export const staffArchived = aboutStaff('identity.staff.archived', 'A staff member was archived; every session of theirs ended.');
export const staffRestored = aboutStaff('identity.staff.restored', 'An archived staff member was restored.');
export const staffPasswordChanged = aboutStaff(
  'identity.staff.password-changed',
  'A staff member has a new password; their other sessions ended.',
);
export const staffPasswordResetRequested = aboutStaff(
  'identity.staff.password-reset-requested',
  'Someone asked for a new password, or made a link to set one; the actor says who. The link is not part of the event.',
);
export const staffTwoFactorChanged = aboutStaff('identity.staff.two-factor-changed', 'A second factor was turned on or off.');
export const staffSignInRefused = defineEvent(
  'identity.staff.sign-in-refused',
  1,
  z.object({ staff: Staff, reason: z.enum(['password', 'second-factor', 'throttled', 'archived']), address: z.string() }),
  {
    describe: 'Someone tried to sign in as this staff member and was refused. Repeated refusals are reported once a minute.',
    view: 'accounts.staff:view',
    example: { staff, reason: 'password', address: '203.0.113.7' },
  },
);

export const roleCreated = aboutRole('identity.role.created', 'A role was created.');
export const roleChanged = aboutRole('identity.role.changed', 'Name or permissions of a role changed.');
export const roleRemoved = aboutRole('identity.role.removed', 'A role that nobody held was removed.');

export const sessionStarted = defineEvent('identity.session.started', 1, z.object({ session: Session }), {
  describe: 'A staff member signed in.',
  view: 'accounts.staff:view',
  example: { session },
});
export const sessionEnded = defineEvent(
  'identity.session.ended',
  1,
  z.object({
    session: Session,
    cause: z.enum(['signed-out', 'revoked', 'expired', 'token-reused', 'password-changed', 'archived']),
  }),
  {
    describe: 'A session ended and its tokens hold no more.',
    view: 'accounts.staff:view',
    example: { session, cause: 'signed-out' },
  },
);

export const apiKeyCreated = aboutKey('identity.api-key.created', 'An API key was created.');
export const apiKeyExpired = aboutKey('identity.api-key.expired', 'An API key reached the end of its time and holds no more.');
export const apiKeyRevoked = aboutKey('identity.api-key.revoked', 'An API key was revoked and holds no more.');

export const identityEvents = [
  organizationCreated,
  organizationChanged,
  organizationClosing,
  organizationKept,
  organizationClosed,
  staffInvited,
  staffJoined,
  staffChanged,
  staffAccessChanged,
  staffArchived,
  staffRestored,
  staffPasswordChanged,
  staffPasswordResetRequested,
  staffTwoFactorChanged,
  staffSignInRefused,
  roleCreated,
  roleChanged,
  roleRemoved,
  sessionStarted,
  sessionEnded,
  apiKeyCreated,
  apiKeyExpired,
  apiKeyRevoked,
  ...residentEvents,
] as const;
