import {
  DomainError,
  ResidentId,
  type linkDuplicate,
  type linkResident,
  type listDuplicates,
  type ParsedInputOf,
  type Resident,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PersonRepository } from '../person/person.repository.js';
import { visibleIn } from '../property-scope.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { isFed } from '../resident/fed.rules.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, toResident, type ResidentDoc } from '../resident/resident.repository.js';
import { ResidentService } from '../resident/resident.service.js';

/** Who may be the same person. The proposal is kept with the one of whom it was seen, and its id is theirs; the older one goes on. */
@Injectable()
export class DuplicateService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residents: ResidentRepository,
    private readonly persons: PersonRepository,
    private readonly visible: ResidentService,
    private readonly keeper: ResidentKeeper,
  ) {}

  async list({ propertyId, limit, cursor }: ParsedInputOf<typeof listDuplicates>, call: Call) {
    const scope = visibleIn(call.actor, propertyId);
    if (scope === null) return { items: [], nextCursor: null };
    const { orgId } = call;
    const page = await this.residents.page(
      { orgId, ...scope, duplicateOf: { $gte: 'res_' } },
      { sort: { _id: 1 }, limit, cursor, asked: [propertyId, call.actor.properties] },
    );
    const ids = page.items.flatMap(({ duplicateOf }) => duplicateOf ?? []);
    const others = new Map((await this.residents.find({ orgId, _id: { $in: ids } })).map((doc) => [doc._id, doc]));
    const items = page.items.flatMap((b) => {
      const a = b.duplicateOf === null ? undefined : others.get(b.duplicateOf);
      const why = `The same name and the same ${a?.email === b.email ? 'e-mail address' : 'phone number'}.`;
      return a ? [{ id: b._id, a: toResident(a), b: toResident(b), why }] : [];
    });
    return { items, nextCursor: page.nextCursor };
  }

  async link({ id, same }: ParsedInputOf<typeof linkDuplicate>, call: Call): Promise<Record<string, never>> {
    const residentId = ResidentId.safeParse(id).data;
    if (residentId === undefined) throw new DomainError('not-found', 'There is no such proposal.');
    return this.work.run(call, async (tx) => {
      const { doc: b, property } = await this.visible.visible(call, residentId, tx);
      if (b.duplicateOf === null) throw new DomainError('not-found', 'This proposal was decided on before.');
      const a = await this.residents.get({ orgId: call.orgId, _id: b.duplicateOf }, { tx });
      const decided = { ...b, duplicateOf: null, notDuplicates: same ? b.notDuplicates : [...b.notDuplicates, a._id] };
      if (!same) {
        await this.keeper.saveOne(tx, property, { before: b, after: decided, entry: said('They are two people, says staff.') });
        return {};
      }
      if (a.createdAt <= b.createdAt) await this.#join(tx, property, a, decided);
      else await this.#join(tx, property, await this.keeper.saveOne(tx, property, { before: b, after: decided }), a);
      return {};
    });
  }

  /** Two that nobody proposed, or who were said to be two. */
  async linkBoth({ residentId, withResidentId }: ParsedInputOf<typeof linkResident>, call: Call): Promise<Resident> {
    return this.work.run(call, async (tx) => {
      const { doc: a, property } = await this.visible.visible(call, residentId, tx);
      const { doc: b } = await this.visible.visible(call, withResidentId, tx);
      if (a._id === b._id || a.propertyId !== b.propertyId)
        throw new DomainError('conflict.state', 'Choose two different residents of one property.');
      const erased = [a, b].find(({ archivedReason }) => archivedReason === 'erased');
      if (erased) throw new DomainError('conflict.state', 'One of them was erased; nobody is linked to them again.');
      const goesOn = a.duplicateOf === b._id ? { ...a, duplicateOf: null } : a;
      const kept = goesOn === a ? a : await this.keeper.saveOne(tx, property, { before: a, after: goesOn });
      await this.#join(tx, property, kept, { ...b, duplicateOf: b.duplicateOf === a._id ? null : b.duplicateOf });
      return toResident(await this.residents.get({ orgId: call.orgId, _id: a._id }, { tx }), property);
    });
  }

  /**
   * `b` becomes the person `a`. Where only one of the two is of what feeds the property now, they are one resident from now on: whom staff
   * had added beside the record of the PMS would keep access when the PMS says that they have left.
   */
  async #join(tx: Tx, property: PropertyDoc, a: ResidentDoc, b: ResidentDoc): Promise<void> {
    const before = await this.residents.get({ orgId: tx.orgId, _id: b._id }, { tx });
    if (b.personId !== a.personId) await this.#joinPersons(tx, a, b);
    const { personId, accountStatus, account, ownLanguage } = a;
    const joined = { ...b, personId, accountStatus, account, ownLanguage };
    const [aIsFed, bIsFed] = [isFed(a, property), isFed(b, property)];
    if (aIsFed && !bIsFed && b.state !== 'archived') {
      await this.keeper.save(tx, property, [
        {
          before,
          after: { ...joined, ...away, occupancies: endedOf(b, tx.now) },
          entry: said('Joined to the record of the PMS.'),
        },
        { before: a, after: withTypesOf(a, b), entry: said(`The same person as ${b.displayName}, whom staff had added.`) },
      ]);
      return;
    }
    if (aIsFed || !bIsFed) {
      const entry = said(`The same person as ${a.displayName}, says staff.`);
      await this.keeper.saveOne(tx, property, { before, after: joined, entry });
      return;
    }
    // kept by hand until now: it goes on as the record of the PMS, with its history.
    // In this order: a record of the PMS belongs to one resident at a time
    await this.keeper.save(tx, property, [
      { before, after: { ...joined, ...away }, entry: said('Joined to the resident that staff had added.') },
      { before: a, after: linked(a, b, tx.now), entry: said('Linked to the record of the PMS.') },
    ]);
  }

  /** From now on the PMS’s record is this person, in whichever property they appear next. */
  async #joinPersons(tx: Tx, a: ResidentDoc, b: ResidentDoc): Promise<void> {
    const { orgId } = tx;
    const [to, from] = [
      await this.persons.get({ orgId, _id: a.personId }, { tx }),
      await this.persons.get({ orgId, _id: b.personId }, { tx }),
    ];
    const elsewhere = await this.residents.count({ orgId, personId: from._id, _id: { $ne: b._id } }, { tx, upTo: 1 });
    if (elsewhere > 0)
      throw new DomainError('conflict.state', `${b.displayName} lives in other properties too. Join them there first.`);
    await this.persons.save(tx, { ...from, upstream: [] });
    await this.persons.save(tx, { ...to, upstream: [...to.upstream, ...from.upstream] });
  }
}

const away = { upstreamId: null, connectionId: null, state: 'archived', archivedReason: 'staff', staffArchived: true } as const;
const said = (text: string) => ({ what: 'linked', text });

const endedOf = ({ occupancies }: ResidentDoc, now: Date): ResidentDoc['occupancies'] =>
  occupancies.map((o) =>
    o.endedAt === null ? { ...o, status: 'past' as const, executed: 'out' as const, endedAt: now.toISOString() } : o,
  );

/** On the committee, say, of which the PMS says nothing. */
function withTypesOf(a: ResidentDoc, b: ResidentDoc): ResidentDoc {
  const more = b.userTypes.filter((type) => !a.userTypes.includes(type));
  return more.length === 0 ? a : { ...a, userTypes: [...a.userTypes, ...more], sources: { ...a.sources, userTypes: 'staff' } };
}

function linked(a: ResidentDoc, b: ResidentDoc, now: Date): ResidentDoc {
  const { upstreamId, connectionId, upstream, upstreamHash, fetchedAt, lastSyncedAt, role } = b;
  return {
    ...a,
    upstreamId,
    connectionId,
    upstream,
    upstreamHash,
    fetchedAt,
    lastSyncedAt,
    role,
    occupancies: [...endedOf(a, now), ...b.occupancies],
  };
}
