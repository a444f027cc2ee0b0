import { DomainError, personErased, type PersonId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { visibleIn, sees } from '../property-scope.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { alikeKey } from '../resident-list/alike.rules.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, toResident, type ResidentDoc } from '../resident/resident.repository.js';
import { TimelineEntryRepository } from '../resident/timeline-entry.repository.js';
import { PersonRepository } from './person.repository.js';
import { forgotten } from './erasure.rules.js';

const mostEntries = 5000;

@Injectable()
export class PersonService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly persons: PersonRepository,
    private readonly residents: ResidentRepository,
    private readonly timeline: TimelineEntryRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
  ) {}

  async export(personId: PersonId, call: Call) {
    const { orgId } = call;
    const scope = visibleIn(call.actor);
    const docs = scope === null ? [] : await this.residents.find({ orgId, personId, ...scope });
    if (docs.length === 0) throw notFound(personId);
    const ids = docs.map(({ _id }) => _id);
    const entries = await this.timeline.find({ orgId, residentId: { $in: ids } }, { sort: { at: -1 }, limit: mostEntries });
    return {
      residents: docs.map((doc) => toResident(doc)),
      timeline: entries.map(({ _id: id, at, what, text, by, source, runId, holdId, changes }) => ({
        id,
        at: at.toISOString(),
        what,
        text,
        by,
        source,
        changes,
        ...(runId !== undefined && { runId }),
        ...(holdId !== undefined && { holdId }),
      })),
    };
  }

  /** What is left says that somebody lived there, and not who. */
  async erase(personId: PersonId, call: Call): Promise<Record<string, never>> {
    return this.work.run(call, async (tx) => {
      const docs = await this.#all(tx, personId, call);
      const living = docs.find(({ state }) => state !== 'archived');
      if (living)
        throw new DomainError('person.still-resident', `${living.displayName} still lives in a property. Archive them first.`);
      const { orgId } = tx;
      const person = await this.persons.get({ orgId, _id: personId }, { tx });
      const saved = await this.persons.save(tx, { ...person, upstream: [], erasedAt: tx.now, account: null, language: null });
      await this.residents.saveMany(
        tx,
        docs.map((doc) => {
          const left = forgotten(doc, tx.now);
          return { ...left, alike: alikeKey(left) };
        }),
      );
      await this.#likeNobody(tx, docs);
      await this.timeline.removeMany(tx, { orgId, residentId: { $in: docs.map(({ _id }) => _id) } });
      const propertyIds = [...new Set(docs.map(({ propertyId }) => propertyId))];
      tx.publish(personErased, { personId, propertyIds, residentIds: docs.map(({ _id }) => _id) }, saved);
      return {};
    });
  }

  /** Nobody is proposed as the same person as they were. */
  async #likeNobody(tx: Tx, docs: readonly ResidentDoc[]): Promise<void> {
    const { orgId } = tx;
    const ids = docs.map(({ _id }) => _id);
    const alike = await this.residents.find({ orgId, duplicateOf: { $in: ids }, _id: { $nin: ids } }, { tx });
    for (const before of alike) {
      const property = await this.properties.get({ orgId, _id: before.propertyId }, { tx });
      await this.keeper.saveOne(tx, property, { before, after: { ...before, duplicateOf: null } });
    }
  }

  /** All or nothing: whoever sees only a part of somebody cannot forget them. */
  async #all(tx: Tx, personId: PersonId, call: Call): Promise<ResidentDoc[]> {
    const docs = await this.residents.find({ orgId: call.orgId, personId }, { tx });
    if (docs.length === 0 || !docs.every(({ propertyId }) => sees(call.actor, propertyId))) throw notFound(personId);
    return docs;
  }
}

const notFound = (personId: PersonId): DomainError =>
  new DomainError('not-found', `There is no person ${personId} here, or you may not see all of their properties.`);
