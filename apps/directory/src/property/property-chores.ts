import type { ResidentId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { inBulk, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from '../resident/resident.repository.js';
import { PropertyChoreRepository, type PropertyChoreDoc } from './property-chore.repository.js';
import { PropertyRepository, type PropertyDoc } from './property.repository.js';

/** What all residents of a property go through after something changed for it: policies, time zone, Start service, release. */
@Injectable()
export class PropertyChores {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyRepository,
    private readonly chores: PropertyChoreRepository,
    private readonly residents: ResidentRepository,
    private readonly keeper: ResidentKeeper,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<PropertyChoreDoc>('property-chores', {
      repository: chores,
      handleAlone: (doc) => this.#doChores(doc),
      onGiveUp: () => Promise.resolve(), // the log says it; the next change of the property does it all again
      concurrency: 2,
    });
  }

  /** Interrupted, it begins again: whoever is through already does not change. */
  async #doChores(doc: PropertyChoreDoc): Promise<void> {
    const { orgId, _id, todo } = doc;
    const cause = systemCause('directory', orgId, this.ids);
    const all = this.residents.stream({ orgId, propertyId: _id, state: { $in: ['active', 'pending-import'] } });
    const ids = idsOf(all);
    await inBulk(this.work, cause, ids, (tx, some) => this.#pass(tx, _id, some, todo.includes('archive-residents')));
    await this.work.run(cause, (tx) => this.chores.finish(tx, doc));
  }

  async #pass(tx: Tx, propertyId: PropertyDoc['_id'], ids: readonly ResidentId[], archive: boolean): Promise<void> {
    const { orgId } = tx;
    const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
    const docs = await this.residents.find({ orgId, _id: { $in: [...ids] } }, { tx });
    await this.keeper.save(
      tx,
      property,
      docs.map((before) =>
        archive
          ? {
              before,
              after: { ...before, state: 'archived', archivedReason: 'staff', staffArchived: true },
              entry: {
                what: 'archived',
                text: `Archived with the ${property.state === 'archived' ? 'removal' : 'release'} of the property.`,
              },
            }
          : { before, after: released(before, property) },
      ),
    );
  }
}

/** Nobody is of a PMS that was disconnected: should it come back, all that it says is heard again. */
const released = (before: ResidentDoc, { connectionId }: PropertyDoc): ResidentDoc =>
  connectionId === null ? { ...before, connectionId } : before;

async function* idsOf(docs: AsyncIterable<{ readonly _id: ResidentId }>): AsyncGenerator<ResidentId> {
  for await (const { _id } of docs) yield _id;
}
