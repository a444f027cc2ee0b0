import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

/** Access opens and closes at its time, whether or not the PMS is asked just then. */
@Injectable()
export class ResidentWindows {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
    private readonly keeper: ResidentKeeper,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<ResidentDoc>('resident-windows', {
      repository: residents,
      handle: (doc) => this.#pass([doc]),
      handleMany: (docs) => this.#pass(docs),
      onGiveUp: () => Promise.resolve(), // the log says it; the next sync or edit decides again
    });
  }

  /** Some of one organization. */
  async #pass(docs: readonly ResidentDoc[]): Promise<void> {
    const orgId = docs[0]?.orgId;
    if (orgId === undefined) return;
    const propertyIds = [...new Set(docs.map(({ propertyId }) => propertyId))];
    await this.work.run(systemCause('directory', orgId, this.ids), async (tx) => {
      for (const propertyId of propertyIds) {
        const some = docs.filter((doc) => doc.propertyId === propertyId);
        const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
        const now = await this.residents.find({ orgId, _id: { $in: some.map(({ _id }) => _id) } }, { tx });
        const entry = { what: 'window', text: 'A date was reached.', source: 'system' as const };
        await this.keeper.save(
          tx,
          property,
          now.map((before) => ({ before, after: before, entry })),
        );
      }
    });
  }
}
