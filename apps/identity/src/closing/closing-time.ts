import { apiKeyRevoked, organizationClosed, type OrgId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccessGuardRepository } from '../access/access-guard.repository.js';
import { ApiKeyRepository, toApiKey } from '../api-key/api-key.repository.js';
import { OrganizationRepository, toOrganization, type OrganizationDoc } from '../organization/organization.repository.js';
import { StaffAccessService } from '../staff/staff-access.service.js';
import { StaffRepository } from '../staff/staff.repository.js';

const together = 25;
const anHour = 3_600_000;

/**
 * The time to close has come. First it is said, and from then on nobody can take it back; then staff and keys go, some at a time.
 * Broken off, it goes on with who is left.
 */
@Injectable()
export class ClosingTime {
  constructor(
    private readonly work: UnitOfWork,
    private readonly organizations: OrganizationRepository,
    private readonly staff: StaffRepository,
    private readonly keys: ApiKeyRepository,
    private readonly guard: AccessGuardRepository,
    private readonly access: StaffAccessService,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<OrganizationDoc>('close-organizations', {
      repository: organizations,
      handleAlone: (doc) => this.#close(doc._id),
      onGiveUp: (doc) => this.#again(doc._id),
    });
  }

  async #close(orgId: OrgId): Promise<void> {
    if (!(await this.#run(orgId, (tx) => this.#say(tx, orgId)))) return;
    while (await this.#run(orgId, (tx) => this.#letStaffGo(tx, orgId)));
    while (await this.#run(orgId, (tx) => this.#revokeKeys(tx, orgId)));
    await this.#run(orgId, async (tx) =>
      this.organizations.save(tx, { ...(await this.organizations.of(orgId, tx)), due: undefined }),
    );
  }

  /** Half closed is no state to stay in. */
  #again(orgId: OrgId): Promise<unknown> {
    return this.#run(orgId, async (tx) =>
      this.organizations.save(tx, {
        ...(await this.organizations.of(orgId, tx)),
        due: dueAt(new Date(tx.now.getTime() + anHour)),
      }),
    );
  }

  #run<R>(orgId: OrgId, todo: (tx: Tx) => Promise<R>): Promise<R> {
    return this.work.run(systemCause('identity', orgId, this.ids), todo);
  }

  /** false: an owner kept it after all. */
  async #say(tx: Tx, orgId: OrgId): Promise<boolean> {
    const before = await this.organizations.of(orgId, tx);
    if (before.closing === null || before.closing.takesEffectAt > tx.now) return false;
    if (before.closedAt !== null) return true;
    const saved = await this.organizations.save(tx, { ...before, closedAt: tx.now });
    tx.publish(organizationClosed, { organization: toOrganization(saved) }, saved);
    return true;
  }

  /** Were there any left? */
  async #letStaffGo(tx: Tx, orgId: OrgId): Promise<boolean> {
    await this.guard.lock(tx, orgId);
    const here = { orgId, 'standing.state': { $in: ['active' as const, 'invited' as const] } };
    const some = await this.staff.find(here, { tx, sort: { _id: 1 }, limit: together });
    for (const staff of some) await this.access.leave(tx, staff);
    return some.length > 0;
  }

  async #revokeKeys(tx: Tx, orgId: OrgId): Promise<boolean> {
    const some = await this.keys.find({ orgId, revokedAt: null }, { tx, sort: { _id: 1 }, limit: together });
    const revoked = some.map((key) => ({ ...key, revokedAt: tx.now, due: undefined }));
    for (const key of await this.keys.saveMany(tx, revoked)) tx.publish(apiKeyRevoked, { apiKey: toApiKey(key) }, key);
    return some.length > 0;
  }
}
