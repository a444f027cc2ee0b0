import type { Principal } from '@leasewire/contracts';
import { z } from 'zod';

/** What an event of identity means for what is remembered: who of an organization must be asked for again. */
export type Invalidation =
  | { readonly who: 'session' | 'staff' | 'api-key'; readonly orgId: string; readonly id: string }
  | { readonly who: 'everyone'; readonly orgId: string };

/** Events that nobody needs to be forgotten for. Every other one, known or not, makes us ask again. */
const harmless = new Set([
  'identity.session.started',
  'identity.staff.invited',
  'identity.staff.joined',
  'identity.staff.sign-in-refused',
  'identity.staff.password-reset-requested',
  'identity.api-key.created',
  'identity.role.created',
]);

const withId = z.object({ id: z.string() });
const SomeData = z.object({ session: withId.optional(), staff: withId.optional(), apiKey: withId.optional() });

export function invalidationOf(type: string, orgId: string, data: unknown): Invalidation | undefined {
  const [service, entity] = type.split('.');
  if (service !== 'identity' || harmless.has(type.replace(/\.v\d+$/, ''))) return undefined;
  const { session, staff, apiKey } = SomeData.safeParse(data).data ?? {};
  if (entity === 'session' && session) return { who: 'session', orgId, id: session.id };
  if (entity === 'staff' && staff) return { who: 'staff', orgId, id: staff.id };
  if (entity === 'api-key' && apiKey) return { who: 'api-key', orgId, id: apiKey.id };
  return { who: 'everyone', orgId };
}

export function concerns(invalidation: Invalidation, { orgId, ref, sessionId }: Principal): boolean {
  if (invalidation.orgId !== orgId) return false;
  switch (invalidation.who) {
    case 'session':
      return sessionId === invalidation.id;
    case 'api-key':
      return ref === `api-key:${invalidation.id}`;
    case 'staff':
      // What a key may do can hang on whoever made it.
      return ref === `staff:${invalidation.id}` || ref.startsWith('api-key:');
    case 'everyone':
      return true;
  }
}
