import { propertyChanged, type Fact, type syncRunCompleted } from '@leasewire/contracts';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { isImported } from '../import/import.rules.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { PropertyChoreRepository } from './property-chore.repository.js';
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
    private readonly chores: PropertyChoreRepository,
  ) {}

  async note(fact: Fact<typeof syncRunCompleted>): Promise<void> {
    const { run } = fact.data;
    const { fetchedAt } = run;
    if (run.scope !== 'sweep' || !run.complete || run.state !== 'done' || fetchedAt === null) return;
    const at = new Date(fetchedAt);
    const id = { orgId: fact.orgId, _id: run.propertyId };
    const known = await this.properties.findOne(id);
    if (!known || (known.lastSweepAt !== null && known.lastSweepAt > at)) return;
    if (wasStale(known, at)) return this.#noteLate(fact, at);
    // the event of the run has said it: no version and no event, so nobody who edits a property is refused for a sweep
    await this.properties.touch(id, { lastSweepAt: at });
    if (await this.#isImported({ ...known, lastSweepAt: at }))
      await this.work.run(fact, async (tx) => this.becomeAutomatic(tx, await this.properties.get(id, { tx })));
  }

  /** What was not closed on stale data is decided again. */
  async #noteLate(fact: Fact<typeof syncRunCompleted>, lastSweepAt: Date): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const own = await this.properties.get({ orgId: fact.orgId, _id: fact.data.run.propertyId }, { tx });
      const saved = await this.properties.save(tx, { ...own, lastSweepAt });
      tx.publish(propertyChanged, { property: toProperty(saved) }, about(saved));
      await this.chores.add(tx, own._id, 'reevaluate');
      await this.becomeAutomatic(tx, saved);
    });
  }

  /** After a complete sweep and at least one import, when nobody is left to decide on; never against staff. */
  async becomeAutomatic(tx: Tx, own: PropertyDoc): Promise<void> {
    if (!(await this.#isImported(own, tx))) return;
    const saved = await this.properties.save(tx, { ...own, importMode: 'automatic' });
    tx.publish(propertyChanged, { property: toProperty(saved) }, about(saved));
  }

  async #isImported(own: PropertyDoc, tx?: Tx): Promise<boolean> {
    if (!isImported(own, 0)) return false;
    const pending = { orgId: own.orgId, propertyId: own._id, state: 'pending-import' as const };
    return isImported(own, await this.residents.count(pending, { ...(tx && { tx }), upTo: 1 }));
  }
}

const wasStale = ({ lastSweepAt }: PropertyDoc, at: Date): boolean =>
  lastSweepAt !== null && at.getTime() - lastSweepAt.getTime() > day;
