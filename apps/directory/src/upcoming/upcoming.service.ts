import type {
  executeUpcomingChanges,
  listUpcomingChanges,
  ParsedInputOf,
  UpcomingChange,
  UpcomingChangeId,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { executed } from '../decision/upcoming.rules.js';
import { sees, visibleIn } from '../property-scope.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from '../resident/resident.repository.js';
import { withIds } from '../resident/settle.rules.js';
import { fold } from '../search-words.rules.js';

@Injectable()
export class UpcomingService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ propertyId, what, search, limit, cursor }: ParsedInputOf<typeof listUpcomingChanges>, call: Call) {
    const scope = visibleIn(call.actor, propertyId);
    if (scope === null) return { items: [], nextCursor: null };
    const words = search === undefined ? [] : fold(search).split(' ');
    const page = await this.residents.page(
      {
        orgId: call.orgId,
        ...scope,
        'upcoming.id': { $exists: true },
        'upcoming.takesEffectAt': { $gt: this.clock.now() },
        ...(what !== undefined && { 'upcoming.what': what }),
        ...(words.length > 0 && { $and: words.map((word) => ({ search: beginningWith(word) })) }),
      },
      { sort: { 'upcoming.takesEffectAt': 1 }, limit, cursor, asked: [propertyId, what, search, call.actor.properties] },
    );
    return { items: page.items.flatMap(changeOf), nextCursor: page.nextCursor };
  }

  /** Each is decided again from what is known now; several may be of several properties. */
  async execute({ ids }: ParsedInputOf<typeof executeUpcomingChanges>, call: Call) {
    const { orgId, actor } = call;
    return this.work.run(call, async (tx) => {
      const found = await this.residents.find({ orgId, 'upcoming.id': { $in: ids, $exists: true } }, { tx });
      const seen = found.filter(({ propertyId }) => sees(actor, propertyId));
      const done = new Set<UpcomingChangeId>();
      for (const propertyId of new Set(seen.map((doc) => doc.propertyId))) {
        const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
        const changes = seen.flatMap((before) => {
          const { upcoming } = before;
          if (before.propertyId !== propertyId || upcoming === null || before.state !== 'active') return [];
          done.add(upcoming.id);
          const occupancies = withIds(executed(upcoming, before.occupancies, tx.now.toISOString()), neverNew);
          const text = `${words[upcoming.what]} of ${upcoming.on} took effect at once, by staff.`;
          return [{ before, after: { ...before, occupancies }, entry: { what: 'executed-early', text } }];
        });
        await this.keeper.save(tx, property, changes);
      }
      return {
        executed: ids.filter((id) => done.has(id)),
        refused: ids
          .filter((id) => !done.has(id))
          .map((id) => ({ id, reason: 'This move has happened, has changed, or waits for its import.' })),
      };
    });
  }
}

const words = { 'move-in': 'The move-in', 'move-out': 'The move-out', transfer: 'The transfer' };
const neverNew = (): never => {
  throw new Error('a move adds no occupancy');
};
const beginningWith = (word: string): RegExp => new RegExp(`^${word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}`);

function changeOf({ _id, propertyId, displayName, upcoming }: ResidentDoc): z.input<typeof UpcomingChange>[] {
  if (upcoming === null) return [];
  return [{ ...upcoming, propertyId, residentId: _id, name: displayName, takesEffectAt: upcoming.takesEffectAt.toISOString() }];
}
