import type { Fact, Organization, Property, Staff } from '@leasewire/contracts';
import { ignoreOlder } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { KnownOrganizationRepository } from './known-organization.repository.js';
import { KnownPropertyRepository, type KnownPropertyDoc } from './known-property.repository.js';
import { KnownStaffRepository } from './known-staff.repository.js';

/** Keeps what messages need of properties, staff and organizations as their owners tell it. */
@Injectable()
export class KnownService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: KnownPropertyRepository,
    private readonly staff: KnownStaffRepository,
    private readonly organizations: KnownOrganizationRepository,
  ) {}

  /** `then`: what follows from the change, in the same transaction. */
  async property(
    fact: Fact,
    said: Property,
    then?: (tx: Tx, before: KnownPropertyDoc | null, after: KnownPropertyDoc) => Promise<unknown>,
  ): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const known = await this.properties.findOne({ orgId: tx.orgId, _id: said.id }, { tx });
      if (ignoreOlder(fact, known?.source)) return;
      const { line1, line2, city, region, postcode } = said.address;
      const fields = {
        name: said.name,
        timeZone: said.timeZone,
        country: said.country,
        address: [line1, line2, [city, region, postcode].filter(Boolean).join(' ')].filter(Boolean).join(', '),
        active: said.state === 'active',
        started: said.serviceStartedAt !== null,
        source: fact.version,
      };
      const saved = known
        ? await this.properties.save(tx, { ...known, ...fields })
        : await this.properties.insert(tx, { _id: said.id, orgId: tx.orgId, ...fields });
      await then?.(tx, known, saved);
    });
  }

  async member(fact: Fact, said: Staff): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const known = await this.staff.findOne({ orgId: tx.orgId, _id: said.id }, { tx });
      if (ignoreOlder(fact, known?.source)) return;
      const { name, email, locale, state, roleIds, properties } = said;
      const fields = { name, email, locale, state, roleIds, properties, source: fact.version };
      if (known) await this.staff.save(tx, { ...known, ...fields });
      else await this.staff.insert(tx, { _id: said.id, orgId: tx.orgId, ...fields });
    });
  }

  async organization(fact: Fact, said: Organization): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const known = await this.organizations.findOne({ orgId: tx.orgId, _id: said.id }, { tx });
      if (ignoreOlder(fact, known?.source)) return;
      const fields = { name: said.name, source: fact.version };
      if (known) await this.organizations.save(tx, { ...known, ...fields });
      else await this.organizations.insert(tx, { _id: said.id, orgId: tx.orgId, ...fields });
    });
  }
}
