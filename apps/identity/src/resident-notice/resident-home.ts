import type { OrgId, PersonId, PropertyId } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { ResidencyRepository } from '../residency/residency.repository.js';
import { homeOf, inTheNameOf } from './resident-notice.rules.js';

export interface Home {
  readonly propertyId: PropertyId | null;
  readonly named: Readonly<Record<string, string>>;
}

/** In whose name a resident is written to. */
@Injectable()
export class ResidentHome {
  constructor(
    private readonly residencies: ResidencyRepository,
    private readonly organizations: OrganizationRepository,
  ) {}

  async of(orgId: OrgId, personId: PersonId): Promise<Home> {
    const residencies = await this.residencies.find({ orgId, personId }, { sort: { _id: 1 } });
    const { name } = await this.organizations.of(orgId);
    return inTheNameOf(homeOf(residencies), name);
  }
}
