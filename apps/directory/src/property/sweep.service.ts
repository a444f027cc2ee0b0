import { propertyChanged, type Fact, type syncRunCompleted } from '@leasewire/contracts';
import { dueAt, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ResidentRepository } from '../resident/resident.repository.js';
import { PropertyRepository, toProperty, type PropertyDoc } from './property.repository.js';
import { about } from './property.service.js';

const day = 86_400_000;

/** What a complete sweep means for a property: its data are fresh, and its import may be over. */
@Injectable()
export class SweepService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
  ) {}

  async note(fact: Fact<typeof syncRunCompleted>): Promise<void> {
    const { run } = fact.data;
    const { fetchedAt } = run;
    if (run.scope !== 'sweep' || !run.complete || run.state !== 'done' || fetchedAt === null) return;
    const at = new Date(fetchedAt);
    await this.work.run(fact, async (tx) => {
      const own = await this.properties.findOne({ orgId: fact.orgId, _id: run.propertyId }, { tx });
      if (!own || (own.lastSweepAt !== null && own.lastSweepAt >= at)) return;
      // what was not closed on stale data is decided again
      const wasStale = own.lastSweepAt !== null && at.getTime() - own.lastSweepAt.getTime() > day;
      const saved = await this.properties.save(tx, {
        ...own,
        lastSweepAt: at,
        ...(wasStale && { todo: [...own.todo, 'reevaluate' as const], due: dueAt(tx.now) }),
      });
      await this.becomeAutomatic(tx, saved);
    });
  }

  /** After a complete sweep and at least one import, when nobody is left to decide on; never against staff. */
  async becomeAutomatic(tx: Tx, own: PropertyDoc): Promise<void> {
    if (own.importMode === 'automatic' || own.importModeSetByStaff || !own.importedOnce || own.lastSweepAt === null) return;
    const pending = { orgId: own.orgId, propertyId: own._id, state: 'pending-import' as const };
    if ((await this.residents.count(pending, { tx, upTo: 1 })) > 0) return;
    const saved = await this.properties.save(tx, { ...own, importMode: 'automatic' });
    tx.publish(propertyChanged, { property: toProperty(saved) }, about(saved));
  }
}
