import { auditPersonErased, type OrgId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { ErasablePerson } from './erasure.rules.js';
import { PersonKeys } from './person-key.repository.js';

/** Whoever is erased loses the key to all that was recorded of them; the chain keeps the sealed rest. */
@Injectable()
export class Erasures {
  constructor(private readonly people: PersonKeys) {}

  /** False when they were erased before. */
  async erase(tx: Tx, orgId: OrgId, person: ErasablePerson): Promise<boolean> {
    const erased = await this.people.erase(tx, orgId, person);
    if (erased) tx.publish(auditPersonErased, { personId: person }, { _id: person, version: 1 });
    return erased;
  }
}
