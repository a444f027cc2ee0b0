import { organizationChanged, type Organization } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.js';
import { assertVersion } from '../version.rules.js';
import { OrganizationRepository, toOrganization } from './organization.repository.js';

@Injectable()
export class OrganizationService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly organizations: OrganizationRepository,
    private readonly access: AccessService,
  ) {}

  async get(call: Call): Promise<Organization> {
    return toOrganization(await this.organizations.of(call.orgId));
  }

  async update({ name, version }: { name: string; version?: number | undefined }, call: Call): Promise<Organization> {
    return this.work.run(call, async (tx) => {
      await this.access.authorityOf(call, 'accounts.organization:full', tx);
      const before = await this.organizations.of(call.orgId, tx);
      assertVersion(before, version);
      if (before.name === name) return toOrganization(before);
      const saved = await this.organizations.save(tx, { ...before, name });
      tx.publish(organizationChanged, { organization: toOrganization(saved) }, saved);
      return toOrganization(saved);
    });
  }
}
