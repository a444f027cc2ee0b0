import type { PersonId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper, type Change } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

/** What is said of a person, at each place where they live or lived. */
@Injectable()
export class Residencies {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
  ) {}

  /** `changed` answers null where it concerns nobody. */
  async change(tx: Tx, personId: PersonId, changed: (before: ResidentDoc) => Omit<Change, 'before'> | null): Promise<void> {
    const { orgId } = tx;
    const docs = await this.residents.find({ orgId, personId }, { tx });
    for (const propertyId of new Set(docs.map((doc) => doc.propertyId))) {
      const changes = docs.flatMap((before) => {
        const change = before.propertyId === propertyId ? changed(before) : null;
        return change ? [{ before, ...change }] : [];
      });
      if (changes.length === 0) continue;
      const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
      await this.keeper.save(tx, property, changes);
    }
  }
}
