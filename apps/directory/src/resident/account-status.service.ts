import { isNewer, type accountChanged, type Fact, type PropertyId } from '@leasewire/contracts';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

/** Onboarding says how far somebody’s account is; it is shown with each of their residencies, so that lists filter by it. */
@Injectable()
export class AccountStatusService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
  ) {}

  async note(fact: Fact<typeof accountChanged>): Promise<void> {
    const { orgId, version } = fact;
    const { personId, status } = fact.data.account;
    await this.work.run(fact, async (tx) => {
      const all = await this.residents.find({ orgId, personId }, { tx });
      const byProperty = new Map<PropertyId, ResidentDoc[]>();
      for (const doc of all)
        if (isNewer(version, doc.accountKnown)) byProperty.set(doc.propertyId, [...(byProperty.get(doc.propertyId) ?? []), doc]);
      for (const [_id, docs] of byProperty) {
        const property = await this.properties.get({ orgId, _id }, { tx });
        const accountKnown = { epoch: version.epoch, version: version.version };
        const changes = docs.map((before) => ({ before, after: { ...before, accountStatus: status, accountKnown } }));
        await this.keeper.save(tx, property, changes);
      }
    });
  }
}
