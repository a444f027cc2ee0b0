import { ApiKeyId, DomainError, SessionId, StaffId, type OrgId, type Permission } from '@leasewire/contracts';
import type { Actor, Call } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyRepository } from '../api-key/api-key.repository.js';
import { RoleRepository } from '../role/role.repository.js';
import { StaffRepository, type StaffDoc } from '../staff/staff.repository.js';
import { accessEnded, assertPermits, assertWithin, type Authority, type Holding } from './access.rules.js';

@Injectable()
export class AccessService {
  constructor(
    private readonly staff: StaffRepository,
    private readonly roles: RoleRepository,
    private readonly keys: ApiKeyRepository,
  ) {}

  /**
   * What the caller may do at this moment, by our own books and not by what the gateway knew a second ago: whoever hands
   * out access must hold it in the very transaction.
   */
  async authorityOf(call: Call, needed: Permission, tx?: Tx): Promise<Authority> {
    const authority = await this.#heldBy(call.actor, tx);
    assertPermits(authority, needed);
    return authority;
  }

  async holdingOf(staff: Pick<StaffDoc, 'orgId' | 'roleIds' | 'properties'>, tx?: Tx): Promise<Holding> {
    return { permissions: await this.roles.permissionsOf(staff.orgId, staff.roleIds, tx), properties: staff.properties };
  }

  /** Nobody touches someone who holds more than they do. Oneself one may, whatever one holds. */
  async assertMayChange(call: Call, own: Authority, staff: StaffDoc, tx?: Tx): Promise<void> {
    if (call.actor.ref === `staff:${staff._id}`) return;
    assertWithin(await this.holdingOf(staff, tx), own, staff.name);
  }

  async #heldBy(actor: Actor, tx?: Tx): Promise<Authority> {
    if (actor.ref.startsWith('service:')) return 'all';
    const orgId = orgOf(actor);
    const staffId = staffIdOf(actor);
    if (staffId !== null) {
      const staff = await this.staff.findOne({ orgId, _id: staffId }, tx && { tx });
      if (staff?.standing.state !== 'active') throw accessEnded();
      return this.holdingOf(staff, tx);
    }
    const keyId = apiKeyIdOf(actor);
    const key = keyId === null ? null : await this.keys.findOne({ orgId, _id: keyId }, tx && { tx });
    if (!key || key.revokedAt !== null) throw accessEnded();
    return { permissions: key.permissions, properties: key.properties };
  }
}

export function staffIdOf(actor: Actor): StaffId | null {
  return StaffId.safeParse(/^staff:(.*)$/.exec(actor.ref)?.[1]).data ?? null;
}
export function apiKeyIdOf(actor: Actor): ApiKeyId | null {
  return ApiKeyId.safeParse(/^api-key:(.*)$/.exec(actor.ref)?.[1]).data ?? null;
}
export const sessionIdOf = (actor: Actor): SessionId | undefined => SessionId.safeParse(actor.sessionId).data;

/** For what only a person has: a password, sessions, a second factor. */
export function myself(call: Call): { orgId: OrgId; staffId: StaffId } {
  const staffId = staffIdOf(call.actor);
  if (staffId === null)
    throw new DomainError('forbidden', 'Only a signed-in staff member can do this; an API key has no account of its own.');
  return { orgId: call.orgId, staffId };
}

function orgOf(actor: Actor): OrgId {
  if (actor.orgId === null) throw accessEnded();
  return actor.orgId;
}
