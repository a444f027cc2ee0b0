import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvitationId, OrgId } from '@leasewire/contracts';

/** What a link is made for. It holds for nothing else. */
export interface LinkFacts {
  readonly invitationId: string;
  readonly personId: string;
  readonly email: string;
}

const bodyOf = (id: string): string => id.slice(id.lastIndexOf('_') + 1);
const parts = /^([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{26})([A-Za-z0-9_-]{43})$/;

/** Nothing of it is stored: whoever holds the key of the organization can make it again, and nobody else. */
export function tokenOf(key: Uint8Array, orgId: string, link: LinkFacts): string {
  return `${bodyOf(link.invitationId)}${bodyOf(orgId)}${macOf(key, orgId, link)}`;
}

/** Which invitation it says it is of. That it is true, `isGenuine` tells. */
export function claimOf(token: string): { orgId: OrgId; invitationId: InvitationId } | null {
  const [, invitation, org] = parts.exec(token) ?? [];
  const orgId = OrgId.safeParse(`org_${org}`);
  const invitationId = InvitationId.safeParse(`invi_${invitation}`);
  return orgId.success && invitationId.success ? { orgId: orgId.data, invitationId: invitationId.data } : null;
}

export function isGenuine(key: Uint8Array, orgId: string, link: LinkFacts, token: string): boolean {
  const given = Buffer.from(token.slice(-43));
  const right = Buffer.from(macOf(key, orgId, link));
  return given.length === right.length && timingSafeEqual(given, right);
}

function macOf(key: Uint8Array, orgId: string, { invitationId, personId, email }: LinkFacts): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['activation', orgId, invitationId, personId, email]))
    .digest('base64url');
}
