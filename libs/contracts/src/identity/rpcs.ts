import { z } from 'zod';
import { defineRpc } from '../define.js';
import { ApiKeyId, OrgId, RoleId, SessionId, StaffId } from '../ids.js';
import { Permissions } from '../permissions.js';
import { snapshotRpc } from '../snapshot.js';
import { EmailAddress, Instant, PageQuery, PropertyScope, pageOf } from '../words.js';
import { residentRpcs } from './resident.rpcs.js';
import { ResidentAccount } from './resident.words.js';
import {
  ApiKey,
  ApiKeyWithCreator,
  DeviceToken,
  LinkToken,
  Locale,
  Organization,
  Password,
  PersonName,
  Principal,
  Role,
  Session,
  SignedIn,
  Staff,
  StaffLink,
  StaffStateWord,
} from './words.js';

const Version = z.int().nonnegative().optional().describe('The version that is edited; refused when it is not the newest');
const Client = { address: z.string().max(64), userAgent: z.string().max(300) };
const Nothing = z.object({});

// — signing in (the gateway asks for someone who is not known yet) —
export const signIn = defineRpc('identity.sign-in', {
  does: 'command',
  input: z.object({
    email: EmailAddress,
    password: z.string().min(1).max(256),
    code: z.string().trim().max(40).optional().describe('The second factor: six digits, or a recovery code'),
    organizationId: OrgId.optional(),
    deviceToken: DeviceToken.optional().describe('What an earlier sign-in on this device gave'),
    ...Client,
  }),
  output: SignedIn,
  errors: [
    'sign-in.refused',
    'sign-in.second-factor-required',
    'sign-in.second-factor-refused',
    'sign-in.choose-organization',
    'sign-in.throttled',
  ],
  permission: 'service',
  describe: 'Sign in with e-mail and password, and a second factor where it is on.',
  timeoutMs: 8000,
});
export const refreshSession = defineRpc('identity.refresh-session', {
  does: 'command',
  input: z.object({ refreshToken: z.string().min(1).max(400), ...Client }),
  output: SignedIn,
  errors: ['session.ended'],
  permission: 'service',
  describe: 'A new access token for a refresh token, which is replaced. Using an old one ends the session.',
});
export const resolveSession = defineRpc('identity.resolve-session', {
  does: 'query',
  input: z.object({ sessionId: SessionId }),
  output: Principal,
  errors: ['session.ended'],
  permission: 'service',
  describe: 'Who a session is and what they may do now.',
});
export const resolveApiKey = defineRpc('identity.resolve-api-key', {
  does: 'query',
  input: z.object({ key: z.string().max(200) }),
  output: Principal,
  errors: ['unauthenticated'],
  permission: 'service',
  describe: 'Who an API key is and what it may do now.',
});
export const requestPasswordReset = defineRpc('identity.request-password-reset', {
  does: 'command',
  input: z.object({ email: EmailAddress, ...Client }),
  output: Nothing,
  errors: ['sign-in.throttled'],
  permission: 'service',
  describe:
    'Ask for a link to set a new password. The answer is the same whether the account exists or not; where there is one, the link is mailed.',
});
export const showLink = defineRpc('identity.show-link', {
  does: 'query',
  input: z.object({ token: LinkToken }),
  output: z.object({
    purpose: z.enum(['invitation', 'password-reset']),
    email: EmailAddress,
    name: PersonName,
    organization: z.string(),
    expiresAt: Instant,
  }),
  errors: ['link.invalid'],
  permission: 'service',
  describe: 'What a link is for. Looking changes nothing: mail scanners look at everything.',
});
export const acceptLink = defineRpc('identity.accept-link', {
  does: 'command',
  input: z.object({ token: LinkToken, password: Password, name: PersonName.optional() }),
  output: Staff,
  errors: ['link.invalid', 'password.too-weak'],
  permission: 'service',
  describe: 'Set the password that an invitation or reset link asks for.',
  timeoutMs: 8000,
});

// — oneself —
export const getMe = defineRpc('identity.get-me', {
  does: 'query',
  input: Nothing,
  output: z.object({
    staff: Staff.nullable(),
    apiKey: ApiKey.nullable(),
    organization: Organization,
    permissions: Permissions,
    properties: PropertyScope,
  }),
  permission: 'member',
  describe: 'Who is calling, and what they may do.',
});
export const updateMe = defineRpc('identity.update-me', {
  does: 'command',
  input: z.object({ name: PersonName.optional(), locale: Locale.optional(), version: Version }),
  output: Staff,
  errors: ['forbidden', 'conflict.version'],
  permission: 'member',
  describe: 'Change one’s own name or locale.',
});
export const changePassword = defineRpc('identity.change-password', {
  does: 'command',
  input: z.object({ current: z.string().min(1).max(256), password: Password }),
  output: Nothing,
  errors: ['forbidden', 'password.wrong', 'password.too-weak', 'sign-in.throttled'],
  permission: 'member',
  describe: 'Set a new password; one’s other sessions end.',
  timeoutMs: 8000,
});
export const startTwoFactor = defineRpc('identity.start-two-factor', {
  does: 'command',
  input: z.object({ password: z.string().min(1).max(256) }),
  output: z.object({ secret: z.string(), url: z.string().describe('otpauth:// for a QR code') }),
  errors: ['forbidden', 'two-factor.already-on', 'password.wrong', 'sign-in.throttled'],
  permission: 'member',
  describe: 'A secret for an authenticator app. Nothing changes until a code of it is confirmed.',
  timeoutMs: 8000,
});
export const confirmTwoFactor = defineRpc('identity.confirm-two-factor', {
  does: 'command',
  input: z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  output: z.object({ recoveryCodes: z.array(z.string()) }),
  errors: ['forbidden', 'two-factor.not-started', 'two-factor.already-on', 'sign-in.second-factor-refused', 'sign-in.throttled'],
  permission: 'member',
  describe: 'Turn the second factor on. The recovery codes are shown once.',
  timeoutMs: 8000,
});
export const disableTwoFactor = defineRpc('identity.disable-two-factor', {
  does: 'command',
  input: z.object({ password: z.string().min(1).max(256), code: z.string().trim().max(40) }),
  output: Nothing,
  errors: ['forbidden', 'password.wrong', 'sign-in.second-factor-refused', 'sign-in.throttled', 'conflict.state'],
  permission: 'member',
  describe: 'Turn the second factor off.',
  timeoutMs: 8000,
});
export const renewRecoveryCodes = defineRpc('identity.renew-recovery-codes', {
  does: 'command',
  input: z.object({ password: z.string().min(1).max(256) }),
  output: z.object({ recoveryCodes: z.array(z.string()) }),
  errors: ['forbidden', 'password.wrong', 'sign-in.throttled', 'conflict.state'],
  permission: 'member',
  describe: 'New recovery codes; the old ones hold no more.',
  timeoutMs: 8000,
});

// — sessions —
export const listSessions = defineRpc('identity.list-sessions', {
  does: 'query',
  input: z.object({ staffId: StaffId.optional().describe('Somebody else’s need accounts.staff:view'), ...PageQuery.shape }),
  output: pageOf(Session.extend({ current: z.boolean() })),
  errors: ['not-found', 'forbidden', 'cursor.invalid'],
  permission: 'member',
  describe: 'The open sessions of oneself or of a staff member.',
});
export const endSession = defineRpc('identity.end-session', {
  does: 'command',
  input: z.object({ sessionId: SessionId.or(z.literal('current')) }),
  output: Nothing,
  errors: ['not-found', 'staff.beyond-own-permissions'],
  permission: 'member',
  describe: 'End a session: one’s own, or with accounts.staff:full anyone’s of the organization.',
});
export const endSessions = defineRpc('identity.end-sessions', {
  does: 'command',
  input: z.object({ staffId: StaffId.optional(), exceptCurrent: z.boolean().default(true) }),
  output: z.object({ ended: z.int() }),
  errors: ['not-found', 'forbidden', 'staff.beyond-own-permissions'],
  permission: 'member',
  describe: 'End all sessions of oneself or of a staff member.',
});

// — staff —
export const listStaff = defineRpc('identity.list-staff', {
  does: 'query',
  input: z.object({
    ...PageQuery.shape,
    state: StaffStateWord.optional(),
    roleId: RoleId.optional(),
    search: z.string().trim().min(1).max(100).optional().describe('Start of a name or e-mail address'),
    sort: z.enum(['name', '-name', 'createdAt', '-createdAt', 'lastSignInAt', '-lastSignInAt']).default('name'),
    withTotal: z.stringbool().or(z.boolean()).default(false),
  }),
  output: pageOf(Staff),
  errors: ['cursor.invalid'],
  permission: 'accounts.staff:view',
  describe: 'The staff of the organization.',
});
export const getStaff = defineRpc('identity.get-staff', {
  does: 'query',
  input: z.object({ staffId: StaffId }),
  output: Staff,
  errors: ['not-found'],
  permission: 'accounts.staff:view',
  describe: 'One staff member.',
});
export const inviteStaff = defineRpc('identity.invite-staff', {
  does: 'command',
  input: z.object({
    email: EmailAddress,
    name: PersonName,
    locale: Locale.default('en-US'),
    roleIds: z.array(RoleId).min(1).max(20),
    properties: PropertyScope.default('all'),
  }),
  output: z.object({ ...Staff.shape, link: StaffLink }),
  errors: ['staff.email-taken', 'staff.beyond-own-permissions', 'not-found'],
  permission: 'accounts.staff:full',
  describe: 'Invite someone to the staff. The link is mailed to them, and shown once, to copy.',
});
export const renewStaffLink = defineRpc('identity.renew-staff-link', {
  does: 'command',
  input: z.object({ staffId: StaffId }),
  output: StaffLink,
  errors: ['not-found', 'conflict.state', 'staff.beyond-own-permissions'],
  permission: 'accounts.staff:full',
  describe:
    'A new invitation link for an invited, or a password-reset link for an active staff member, mailed to them and shown once; the older link holds no more.',
});
export const updateStaff = defineRpc('identity.update-staff', {
  does: 'command',
  input: z.object({
    staffId: StaffId,
    email: EmailAddress.optional(),
    name: PersonName.optional(),
    locale: Locale.optional(),
    roleIds: z.array(RoleId).min(1).max(20).optional(),
    properties: PropertyScope.optional(),
    version: Version,
  }),
  output: Staff,
  errors: [
    'not-found',
    'conflict.version',
    'conflict.state',
    'staff.email-taken',
    'staff.last-owner',
    'staff.beyond-own-permissions',
  ],
  permission: 'accounts.staff:full',
  describe: 'Change a staff member: details, roles, property scope.',
});
export const archiveStaff = defineRpc('identity.archive-staff', {
  does: 'command',
  input: z.object({ staffId: StaffId }),
  output: Staff,
  errors: ['not-found', 'staff.last-owner', 'staff.beyond-own-permissions'],
  permission: 'accounts.staff:full',
  describe: 'Archive a staff member: their sessions end at once, their name stays in the history.',
});
export const restoreStaff = defineRpc('identity.restore-staff', {
  does: 'command',
  input: z.object({ staffId: StaffId }),
  output: Staff,
  errors: ['not-found', 'staff.beyond-own-permissions'],
  permission: 'accounts.staff:full',
  describe: 'Restore an archived staff member as they were.',
});
export const resetTwoFactor = defineRpc('identity.reset-two-factor', {
  does: 'command',
  input: z.object({ staffId: StaffId }),
  output: Staff,
  errors: ['not-found', 'conflict.state', 'staff.beyond-own-permissions'],
  permission: 'accounts.staff:full',
  describe: 'Turn the second factor of a staff member off who lost both device and recovery codes; their sessions end.',
});

// — roles —
export const listRoles = defineRpc('identity.list-roles', {
  does: 'query',
  input: z.object({ ...PageQuery.shape }),
  output: pageOf(Role.extend({ holders: z.int().nonnegative().describe('How many staff hold it') })),
  errors: ['cursor.invalid'],
  permission: 'accounts.roles:view',
  describe: 'The roles of the organization: presets first.',
});
export const getRole = defineRpc('identity.get-role', {
  does: 'query',
  input: z.object({ roleId: RoleId }),
  output: Role,
  errors: ['not-found'],
  permission: 'accounts.roles:view',
  describe: 'One role.',
});
export const createRole = defineRpc('identity.create-role', {
  does: 'command',
  input: z.object({ name: z.string().trim().min(1).max(80), permissions: Permissions }),
  output: Role,
  errors: ['role.name-taken', 'staff.beyond-own-permissions'],
  permission: 'accounts.roles:full',
  describe: 'Create a role.',
});
export const updateRole = defineRpc('identity.update-role', {
  does: 'command',
  input: z.object({
    roleId: RoleId,
    name: z.string().trim().min(1).max(80).optional(),
    permissions: Permissions.optional(),
    version: Version,
  }),
  output: Role,
  errors: ['not-found', 'conflict.version', 'role.name-taken', 'role.preset-fixed', 'staff.beyond-own-permissions'],
  permission: 'accounts.roles:full',
  describe: 'Rename a role or change what it permits; it holds for everyone with that role within a second.',
});
export const removeRole = defineRpc('identity.remove-role', {
  does: 'command',
  input: z.object({ roleId: RoleId }),
  output: Nothing,
  errors: ['not-found', 'role.in-use', 'role.preset-fixed', 'staff.beyond-own-permissions'],
  permission: 'accounts.roles:full',
  describe: 'Remove a role that nobody holds.',
});

// — organization —
export const getOrganization = defineRpc('identity.get-organization', {
  does: 'query',
  input: Nothing,
  output: Organization,
  permission: 'accounts.organization:view',
  describe: 'The organization of the caller.',
});
export const updateOrganization = defineRpc('identity.update-organization', {
  does: 'command',
  input: z.object({ name: z.string().trim().min(1).max(120), version: Version }),
  output: Organization,
  errors: ['conflict.version'],
  permission: 'accounts.organization:full',
  describe: 'Rename the organization.',
});

const count = z.int().nonnegative();
export const previewCloseOrganization = defineRpc('identity.preview-close-organization', {
  does: 'query',
  input: Nothing,
  output: z.object({
    organization: Organization,
    staff: count,
    invited: count,
    apiKeys: count.describe('That are in use'),
    undoDays: count,
    takesEffectAt: Instant.describe('When it closes, or would if it were closed now'),
    sentences: z.array(z.string()).describe('The consequences in words for a person'),
  }),
  permission: 'accounts.organization:full',
  describe:
    'What closing the organization would mean for staff and keys. For its people see `/v1/organization/close-preview/residents`, for its connections `/v1/connections/disconnect-preview`.',
});
export const closeOrganization = defineRpc('identity.close-organization', {
  does: 'command',
  input: z.object({
    name: z.string().max(120).describe('As it is written, so that it is this one and meant'),
    residents: z.enum(['keep', 'archive']).describe('Whether people keep their access, or lose it and are archived'),
    version: Version,
  }),
  output: Organization,
  errors: ['conflict.version', 'conflict.state', 'organization.name-differs', 'organization.owners-only'],
  permission: 'accounts.organization:full',
  describe:
    'Close the organization in some days (`closing.takesEffectAt`); until then everything works on and an owner can keep it. Then connections end, staff are signed out for good and keys are revoked. Export first. Owners only.',
});
export const keepOrganization = defineRpc('identity.keep-organization', {
  does: 'command',
  input: z.object({ version: Version }),
  output: Organization,
  errors: ['conflict.version', 'conflict.state', 'organization.owners-only'],
  permission: 'accounts.organization:full',
  describe: 'Do not close the organization after all. Owners only.',
});

// — API keys —
export const listApiKeys = defineRpc('identity.list-api-keys', {
  does: 'query',
  input: z.object({ ...PageQuery.shape }),
  output: pageOf(ApiKeyWithCreator),
  errors: ['cursor.invalid'],
  permission: 'accounts.api-keys:view',
  describe: 'The API keys of the organization, revoked ones included, newest first.',
});
export const getApiKey = defineRpc('identity.get-api-key', {
  does: 'query',
  input: z.object({ apiKeyId: ApiKeyId }),
  output: ApiKeyWithCreator,
  errors: ['not-found'],
  permission: 'accounts.api-keys:view',
  describe: 'One API key.',
});
export const createApiKey = defineRpc('identity.create-api-key', {
  does: 'command',
  input: z.object({
    name: z.string().trim().min(1).max(80),
    permissions: Permissions,
    properties: PropertyScope.default('all'),
    expiresAt: Instant.optional(),
  }),
  output: z.object({ ...ApiKey.shape, key: z.string().describe('The key itself, shown this once') }),
  errors: ['staff.beyond-own-permissions'],
  permission: 'accounts.api-keys:full',
  describe: 'Create an API key. It is shown once.',
});
export const revokeApiKey = defineRpc('identity.revoke-api-key', {
  does: 'command',
  input: z.object({ apiKeyId: ApiKeyId }),
  output: ApiKey,
  errors: ['not-found'],
  permission: 'accounts.api-keys:full',
  describe: 'Revoke an API key; it holds no more within a second.',
});

// — all of it —
export const identitySnapshot = snapshotRpc(
  'identity',
  z.union([
    z.object({ organization: Organization }),
    z.object({ role: Role }),
    z.object({ staff: Staff }),
    z.object({ apiKey: ApiKey }),
    z.object({ account: ResidentAccount }),
  ]),
);

export const identityRpcs = [
  signIn,
  refreshSession,
  resolveSession,
  resolveApiKey,
  requestPasswordReset,
  showLink,
  acceptLink,
  identitySnapshot,
  getMe,
  updateMe,
  changePassword,
  startTwoFactor,
  confirmTwoFactor,
  disableTwoFactor,
  renewRecoveryCodes,
  listSessions,
  endSession,
  endSessions,
  listStaff,
  getStaff,
  inviteStaff,
  renewStaffLink,
  updateStaff,
  archiveStaff,
  restoreStaff,
  resetTwoFactor,
  listRoles,
  getRole,
  createRole,
  updateRole,
  removeRole,
  getOrganization,
  updateOrganization,
  previewCloseOrganization,
  closeOrganization,
  keepOrganization,
  listApiKeys,
  getApiKey,
  createApiKey,
  revokeApiKey,
  ...residentRpcs,
] as const;
