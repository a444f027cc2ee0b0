import type { ActorRef, OrgId, Permissions, PropertyScope } from '@leasewire/contracts';

/** Who is behind a call, as the owner of the data sees it: verified, never taken from a header. */
export interface Actor {
  readonly ref: ActorRef;
  /** null: a service that acts for no organization in particular, or someone who is not signed in to one yet. */
  readonly orgId: OrgId | null;
  readonly permissions: Permissions | 'all';
  readonly properties: PropertyScope;
  readonly sessionId?: string;
  readonly name?: string;
}

export const isService = (ref: ActorRef): boolean => ref.startsWith('service:');
