import type { Fact, residentEmailChanged } from '@leasewire/contracts';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository } from './resident.repository.js';

/** An address that residents chose and confirmed themselves stays over later syncs, as what staff say does. */
@Injectable()
export class OwnEmailService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
  ) {}

  async take(fact: Fact<typeof residentEmailChanged>): Promise<void> {
    const { orgId } = fact;
    const { personId, email, emailSource } = fact.data.account;
    // identity also tells when it followed an address of ours
    if (emailSource !== 'resident') return;
    await this.work.run(fact, async (tx) => {
      for (const before of await this.residents.find({ orgId, personId, state: { $ne: 'archived' } }, { tx })) {
        const property = await this.properties.get({ orgId, _id: before.propertyId }, { tx });
        const after = { ...before, email, sources: { ...before.sources, email: 'resident' as const } };
        await this.keeper.saveOne(tx, property, {
          before,
          after,
          entry: { what: 'edited', text: 'The resident changed their e-mail address and confirmed it.', source: 'resident' },
        });
      }
    });
  }
}
