import type { Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

/** Access opens and closes at its time, whether or not the PMS is asked just then. */
@Injectable()
export class ResidentWindows {
  constructor(
    private readonly properties: PropertyRepository,
    residents: ResidentRepository,
    private readonly keeper: ResidentKeeper,
    background: Background,
  ) {
    background.claimer<ResidentDoc>('resident-windows', {
      repository: residents,
      handle: (tx, docs) => this.#pass(tx, docs),
      onGiveUp: () => Promise.resolve(), // the log says it; the next sync or edit decides again
    });
  }

  async #pass(tx: Tx, docs: readonly ResidentDoc[]): Promise<void> {
    const entry = { what: 'window', text: 'A date was reached.', source: 'system' as const };
    for (const propertyId of new Set(docs.map((doc) => doc.propertyId))) {
      const property = await this.properties.get({ orgId: tx.orgId, _id: propertyId }, { tx });
      const some = docs.filter((doc) => doc.propertyId === propertyId);
      await this.keeper.save(
        tx,
        property,
        some.map((before) => ({ before, after: before, entry })),
      );
    }
  }
}
