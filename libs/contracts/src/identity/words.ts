import { z } from 'zod';
import { ApiKeyId, OrgId, RoleId, SessionId, StaffId } from '../ids.js';
import { Permissions } from '../permissions.js';
import { ActorRef, EmailAddress, Instant, PropertyScope } from '../words.js';

export const PersonName = z.string().trim().min(1).max(120);
export const Locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'is not a locale such as en-AU')
  .describe('BCP 47 language and region');
export const Password = z.string().min(12, 'must have at least 12 characters').max(256);
export const LinkToken = z.string().min(20).max(200).describe('The secret part of a link that was mailed or copied');

export const DeviceToken = z
  .string()
  .min(1)
  .max(1000)
  .describe(
    'Shows that somebody signed in on this device before, so that strangers who guess cannot slow them down. Not a secret that opens anything',
  );

export const Organization = z
  .object({
    id: OrgId,
    name: z.string().min(1).max(120),
    closing: z
      .object({
        askedAt: Instant,
        by: ActorRef,
        takesEffectAt: Instant.describe('Until then an owner can keep it'),
        residents: z.enum(['keep', 'archive']).describe('Whether people keep their access, or lose it and are archived'),
      })
      .nullable()
      .optional()
      .describe('An owner closed it'),
    closedAt: Instant.nullable().optional(),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Organization' });
export type Organization = z.infer<typeof Organization>;

export const StaffStateWord = z.enum(['invited', 'active', 'archived']).meta({ id: 'StaffState' });
export const Staff = z
  .object({
    id: StaffId,
    email: EmailAddress,
    name: PersonName,
    locale: Locale,
    state: StaffStateWord,
    roleIds: z.array(RoleId),
    properties: PropertyScope,
    twoFactor: z.boolean().describe('Whether a second factor is asked at sign-in'),
    inviteExpiresAt: Instant.nullable().describe('Only while invited'),
    lastSignInAt: Instant.nullable(),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Staff' });
export type Staff = z.infer<typeof Staff>;

export const RolePreset = z.enum(['owner', 'manager', 'employee']);
export const Role = z
  .object({
    id: RoleId,
    name: z.string().trim().min(1).max(80),
    preset: RolePreset.nullable().describe('Presets come with the organization; the owner preset cannot be changed'),
    permissions: Permissions,
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

export const Session = z
  .object({
    id: SessionId,
    staffId: StaffId,
    startedAt: Instant,
    lastUsedAt: Instant,
    expiresAt: Instant,
    address: z.string().max(64),
    userAgent: z.string().max(300),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const ApiKey = z
  .object({
    id: ApiKeyId,
    name: z.string().trim().min(1).max(80),
    prefix: z.string().describe('The first characters of the key, to recognize it by; the rest is stored only as a hash'),
    permissions: Permissions,
    properties: PropertyScope,
    createdBy: ActorRef,
    createdAt: Instant,
    lastUsedAt: Instant.nullable().describe('To the minute or so'),
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** A key outlives whoever made it: it is the organization's. So lists say whose hand it may still be in. */
export const ApiKeyWithCreator = ApiKey.extend({
  creatorName: z.string().nullable().describe('Who made it, as they are called now'),
  creatorArchived: z.boolean().describe('Whoever made it has left: consider revoking it and making another'),
}).meta({ id: 'ApiKeyWithCreator' });
export type ApiKeyWithCreator = z.infer<typeof ApiKeyWithCreator>;

/** Who a session or key is and what they may do now: what the gateway keeps until identity says it changed. */
export const Principal = z
  .object({
    ref: ActorRef,
    orgId: OrgId,
    name: z.string(),
    permissions: Permissions,
    properties: PropertyScope,
    roleIds: z.array(RoleId),
    sessionId: SessionId.nullable(),
    expiresAt: Instant.nullable(),
  })
  .meta({ id: 'Principal' });
export type Principal = z.infer<typeof Principal>;

export const SignedIn = z
  .object({
    accessToken: z.string().describe('Give it as `Authorization: Bearer …`'),
    accessExpiresAt: Instant,
    refreshToken: z.string().describe('Changes at every refresh; the gateway keeps it in a cookie'),
    refreshExpiresAt: Instant,
    sessionId: SessionId,
    deviceToken: DeviceToken.optional().describe(
      'Only at sign-in. Keep it in a cookie for half a year, give it at the next sign-in',
    ),
    staff: Staff,
    organization: Organization,
  })
  .meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof SignedIn>;

/** A link to copy or mail. The token in it is a secret: it is shown to the one who made it and never stored or published. */
export const StaffLink = z
  .object({ url: z.string(), expiresAt: Instant })
  .meta({ id: 'StaffLink', description: 'Mailed to whom it is for, and shown once to copy' });
