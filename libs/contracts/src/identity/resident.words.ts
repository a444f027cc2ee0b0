import { z } from 'zod';
import { PersonId, PropertyId, ResidentId, ResidentViewId, SessionId } from '../ids.js';
import { ActorRef, EmailAddress, Instant } from '../words.js';
import { Locale } from './words.js';

/** As directory shows people; a company may have a long name. */
export const ResidentDisplayName = z.string().trim().min(1).max(220);

export const ResidentAccountState = z.enum(['active', 'archived', 'closed']).meta({
  id: 'ResidentAccountState',
  description: 'archived: lives nowhere here any more; closed: by themselves, until they activate again, or not activated yet',
});
export const ResidentAccount = z
  .object({
    personId: PersonId,
    email: EmailAddress.describe('What they sign in with; several people may share it, each with an own password'),
    emailSource: z.enum(['directory', 'resident']).describe('resident: they changed it themselves and confirmed it'),
    name: ResidentDisplayName,
    locale: Locale.describe('The language they activated in, or chose since'),
    state: ResidentAccountState,
    passwordSetAt: Instant,
    lastSignInAt: Instant.nullable(),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'ResidentAccount', description: 'What a person signs in to the resident pages with' });
export type ResidentAccount = z.infer<typeof ResidentAccount>;

export const ResidentSession = z
  .object({
    id: SessionId,
    personId: PersonId,
    startedAt: Instant,
    lastUsedAt: Instant,
    expiresAt: Instant,
    address: z.string().max(64),
    userAgent: z.string().max(300),
  })
  .meta({ id: 'ResidentSession' });
export type ResidentSession = z.infer<typeof ResidentSession>;

export const ResidentSessionEnd = z.enum([
  'signed-out',
  'revoked',
  'expired',
  'token-reused',
  'password-changed',
  'archived',
  'closed',
  'erased',
]);
export type ResidentSessionEnd = z.infer<typeof ResidentSessionEnd>;

/** Staff looking at what a resident sees: why, and until when. */
export const ResidentView = z
  .object({
    id: ResidentViewId,
    personId: PersonId,
    residentId: ResidentId,
    propertyId: PropertyId,
    by: ActorRef,
    byName: z.string(),
    reason: z.string().trim().min(5, 'must say why, in a few words').max(500),
    startedAt: Instant,
    expiresAt: Instant,
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'ResidentView' });
export type ResidentView = z.infer<typeof ResidentView>;
