import type { EntityVersion, Fact, identitySnapshot, Organization, OrgId, OutputOf, Role, Staff } from '@leasewire/contracts';
import { ignoreOlder, type Ids, type ReadModel, type SnapshotItem } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KnownOrganizationRepository } from '../known/known-organization.repository.js';
import { KnownStaffRepository } from '../known/known-staff.repository.js';
import { KnownRoleRepository } from './alert.repository.js';

type Data = OutputOf<typeof identitySnapshot>['items'][number]['data'];

/** What identity says of roles, kept up by events; and everything that notifications knows of it, built anew from its snapshot. */
@Injectable()
export class KnownRoles implements ReadModel<Data> {
  constructor(
    private readonly work: UnitOfWork,
    private readonly roles: KnownRoleRepository,
    private readonly staff: KnownStaffRepository,
    private readonly organizations: KnownOrganizationRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  note(fact: Fact, role: Role, removed: boolean): Promise<void> {
    return this.work.run(fact, async (tx) => {
      if (removed) await this.roles.remove(tx, { orgId: tx.orgId, _id: role.id });
      else await this.#role(tx, role, fact.version);
    });
  }

  /** From identity’s snapshot, by the command `rebuild`. */
  async apply(items: readonly SnapshotItem<Data>[]): Promise<void> {
    for (const item of items)
      await this.work.run(systemCause('notifications', item.orgId, this.ids), (tx) => this.#item(tx, item));
  }

  async #item(tx: Tx, { data, orgId, version, epoch }: SnapshotItem<Data>): Promise<void> {
    const source = { version, epoch };
    if ('role' in data) await this.#role(tx, data.role, source);
    if ('staff' in data) await this.#member(tx, orgId, data.staff, source);
    if ('organization' in data) await this.#organization(tx, orgId, data.organization, source);
  }

  async #role(tx: Tx, { id, preset, permissions }: Role, source: EntityVersion): Promise<void> {
    const known = await this.roles.findOne({ orgId: tx.orgId, _id: id }, { tx });
    if (ignoreOlder({ version: source }, known?.source)) return;
    if (known) await this.roles.save(tx, { ...known, preset, permissions, source });
    else await this.roles.insert(tx, { _id: id, orgId: tx.orgId, preset, permissions, source });
  }

  async #member(tx: Tx, orgId: OrgId, said: Staff, source: EntityVersion): Promise<void> {
    const known = await this.staff.findOne({ orgId, _id: said.id }, { tx });
    if (ignoreOlder({ version: source }, known?.source)) return;
    const { name, email, locale, state, roleIds, properties } = said;
    const fields = { name, email, locale, state, roleIds, properties, source };
    if (known) await this.staff.save(tx, { ...known, ...fields });
    else await this.staff.insert(tx, { _id: said.id, orgId, ...fields });
  }

  async #organization(tx: Tx, orgId: OrgId, { name }: Organization, source: EntityVersion): Promise<void> {
    const known = await this.organizations.findOne({ orgId, _id: orgId }, { tx });
    if (ignoreOlder({ version: source }, known?.source)) return;
    if (known) await this.organizations.save(tx, { ...known, name, source });
    else await this.organizations.insert(tx, { _id: orgId, orgId, name, source });
  }
}
