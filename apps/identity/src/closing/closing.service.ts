import {
  DomainError,
  organizationClosing,
  organizationKept,
  staffRestored,
  type closeOrganization,
  type Organization,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
  type previewCloseOrganization,
} from '@leasewire/contracts';
import type { Call, Clock, Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccessGuardRepository } from '../access/access-guard.repository.js';
import { AccessService, staffIdOf } from '../access/access.service.js';
import { ApiKeyRepository } from '../api-key/api-key.repository.js';
import { OrganizationRepository, toOrganization, type OrganizationDoc } from '../organization/organization.repository.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { isActingOwner, restore } from '../staff/staff.rules.js';
import { assertVersion } from '../version.rules.js';
import { assertMayClose, assertOpen, consequencesOfClosing, takesEffectAt, undoDays } from './closing.rules.js';

/** An owner closes the organization, and has some days to think better of it. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly organizations: OrganizationRepository,
    private readonly staff: StaffRepository,
    private readonly keys: ApiKeyRepository,
    private readonly guard: AccessGuardRepository,
    private readonly access: AccessService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async preview({ orgId }: Call): Promise<OutputOf<typeof previewCloseOrganization>> {
    const now = this.clock.now();
    const inUse = { orgId, revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
    const [organization, staff, invited, apiKeys] = await Promise.all([
      this.organizations.of(orgId),
      this.staff.count({ orgId, 'standing.state': 'active' }),
      this.staff.count({ orgId, 'standing.state': 'invited' }),
      this.keys.count(inUse),
    ]);
    return {
      organization: toOrganization(organization),
      staff,
      invited,
      apiKeys,
      undoDays,
      takesEffectAt: (organization.closing?.takesEffectAt ?? takesEffectAt(now)).toISOString(),
      sentences: consequencesOfClosing({ staff, invited, apiKeys }),
    };
  }

  async close({ name, residents, version }: ParsedInputOf<typeof closeOrganization>, call: Call): Promise<Organization> {
    return this.work.run(call, async (tx) => {
      const before = await this.#ownedBy(tx, call);
      assertVersion(before, version);
      assertMayClose(before, name);
      const at = takesEffectAt(tx.now);
      const closing = { askedAt: tx.now, by: call.actor.ref, takesEffectAt: at, residents };
      const saved = await this.organizations.save(tx, { ...before, closing, due: dueAt(at) });
      tx.publish(organizationClosing, { organization: toOrganization(saved) }, saved);
      return toOrganization(saved);
    });
  }

  async keep({ version }: { version?: number | undefined }, call: Call): Promise<Organization> {
    return this.work.run(call, async (tx) => {
      const before = await this.#ownedBy(tx, call);
      assertVersion(before, version);
      assertOpen(before);
      if (before.closing === null) return toOrganization(before);
      const saved = await this.organizations.save(tx, { ...before, closing: null, due: undefined });
      tx.publish(organizationKept, { organization: toOrganization(saved) }, saved);
      return toOrganization(saved);
    });
  }

  /** By the operator’s command. Staff and properties were put away and not deleted: the owner brings back whom they want. */
  async reopen(orgId: OrgId, ownerEmail: string): Promise<Organization> {
    return this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const { ownerRoleId } = await this.guard.lock(tx, orgId);
      const before = await this.organizations.of(orgId, tx);
      const owner = await this.staff.findOne({ orgId, email: ownerEmail }, { tx });
      if (owner === null || !owner.roleIds.includes(ownerRoleId) || owner.properties !== 'all')
        throw new DomainError('not-found', `${ownerEmail} is no owner of ${before.name}. Name one who was.`);
      if (owner.standing.state === 'archived') {
        const restored = await this.staff.save(tx, { ...owner, standing: restore(owner.standing) });
        tx.publish(staffRestored, { staff: toStaff(restored) }, restored);
      }
      if (before.closing === null) return toOrganization(before);
      const saved = await this.organizations.save(tx, { ...before, closing: null, closedAt: null, due: undefined });
      tx.publish(organizationKept, { organization: toOrganization(saved) }, saved);
      return toOrganization(saved);
    });
  }

  /** By our books of this moment: a key may hold every permission and is no owner. */
  async #ownedBy(tx: Tx, call: Call): Promise<OrganizationDoc> {
    const { orgId, actor } = call;
    const { ownerRoleId } = await this.guard.lock(tx, orgId);
    await this.access.authorityOf(call, 'accounts.organization:full', tx);
    const staffId = staffIdOf(actor);
    const staff = staffId === null ? null : await this.staff.findOne({ orgId, _id: staffId }, { tx });
    if (staff === null || !isActingOwner(staff, ownerRoleId))
      throw new DomainError(
        'organization.owners-only',
        'Only an owner of the organization, with access to all of its properties, can close or keep it.',
      );
    return this.organizations.of(orgId, tx);
  }
}
