import {
  DomainError,
  type approveHold,
  type Hold,
  type HoldId,
  type listHeldPeople,
  type listHolds,
  type ParsedInputOf,
  type rejectHold,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import { assertSees, assertVersion, visible } from '../property-scope.rules.js';
import { RunMaker } from '../run/run-maker.js';
import { HoldKeeping } from './hold-keeping.js';
import { HeldPersonRepository, HoldRepository, toHold, type HoldDoc } from './hold.repository.js';

@Injectable()
export class HoldService {
  constructor(
    private readonly holds: HoldRepository,
    private readonly people: HeldPersonRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly keeping: HoldKeeping,
    private readonly runs: RunMaker,
    private readonly work: UnitOfWork,
    background: Background,
  ) {
    background.claimer<HoldDoc>('hold-expiry', {
      repository: holds,
      handle: (tx, docs) => Promise.all(docs.map((hold) => this.#expire(tx, hold))),
      onGiveUp: () => Promise.resolve(), // it stays open, which moves nobody out
    });
  }

  async list({ limit, cursor, propertyId: asked, state }: ParsedInputOf<typeof listHolds>, { orgId, actor }: Call) {
    const propertyId = visible(actor.properties, asked);
    if (propertyId === null) return { items: [], nextCursor: null };
    const filter = { orgId, ...(propertyId !== undefined && { propertyId }), ...(state && { state }) };
    const { items, nextCursor } = await this.holds.page(filter, { sort: { _id: -1 }, limit, cursor });
    return { items: items.map(toHold), nextCursor };
  }

  async get(_id: HoldId, { orgId, actor }: Call): Promise<Hold> {
    const hold = await this.holds.get({ orgId, _id });
    assertSees(actor.properties, hold.propertyId);
    return toHold(hold);
  }

  async listPeople({ holdId, limit, cursor }: ParsedInputOf<typeof listHeldPeople>, call: Call) {
    await this.get(holdId, call);
    const { items, nextCursor } = await this.people.page({ orgId: call.orgId, holdId }, { sort: { _id: 1 }, limit, cursor });
    return {
      items: items.map(({ upstreamId, residentId, name, unit, why }) => ({ upstreamId, residentId, name, unit, why })),
      nextCursor,
    };
  }

  /** These may go: a run tells directory so, with the hold as its warrant. The others stay until the PMS shows them again. */
  async approve(input: ParsedInputOf<typeof approveHold>, call: Call): Promise<Hold> {
    const { orgId, actor } = call;
    return this.work.run(call, async (tx) => {
      const hold = await this.#open(tx, input.holdId, call, input.version);
      const all = input.upstreamIds === undefined && input.unitIds === undefined;
      const people = parted(await this.#everybody(tx, hold), all ? undefined : (input.upstreamIds ?? []));
      const units = parted(hold.unitIds, all ? undefined : (input.unitIds ?? []));
      if (people.chosen.length + units.chosen.length === 0)
        throw new DomainError('conflict.state', 'Nothing of this is in the hold. Reject it instead.');
      await this.#keep(tx, hold, people.others, units.others);
      const saved = await this.keeping.resolve(tx, hold, 'approved', actor.ref, input.note ?? null);
      const property = await this.properties.get({ orgId, _id: hold.propertyId }, { tx });
      await this.runs.queue(tx, {
        property,
        scope: 'residents',
        cause: 'hold',
        startedBy: actor.ref,
        people: people.chosen,
        units: units.chosen,
        holdId: hold._id,
      });
      return toHold(saved);
    });
  }

  async reject({ holdId, note, version }: ParsedInputOf<typeof rejectHold>, call: Call): Promise<Hold> {
    return this.work.run(call, async (tx) => {
      const hold = await this.#open(tx, holdId, call, version);
      await this.#keep(tx, hold, await this.#everybody(tx, hold), hold.unitIds);
      return toHold(await this.keeping.resolve(tx, hold, 'rejected', call.actor.ref, note ?? null));
    });
  }

  async #everybody(tx: Tx, { orgId, _id: holdId }: HoldDoc): Promise<string[]> {
    return (await this.people.find({ orgId, holdId }, { tx })).map(({ upstreamId }) => upstreamId);
  }

  async #open(tx: Tx, _id: HoldId, { orgId, actor }: Call, version: number | undefined): Promise<HoldDoc> {
    const hold = await this.holds.get({ orgId, _id }, { tx });
    assertSees(actor.properties, hold.propertyId);
    assertVersion(hold, version);
    if (hold.state !== 'open')
      throw new DomainError('conflict.state', `This hold is ${hold.state} already.`, { state: hold.state });
    return hold;
  }

  async #keep(tx: Tx, { orgId, propertyId }: HoldDoc, people: readonly string[], units: readonly string[]): Promise<void> {
    if (people.length + units.length === 0) return;
    const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
    const kept = [...new Set([...property.kept, ...people])];
    const keptUnits = [...new Set([...property.keptUnits, ...units])];
    await this.properties.save(tx, { ...property, kept, keptUnits });
  }

  /** Nobody decided: nobody was moved out, and the next sweep asks again if it is still so. */
  async #expire(tx: Tx, hold: HoldDoc): Promise<void> {
    if (hold.state === 'open') await this.keeping.resolve(tx, hold, 'expired', null, null);
  }
}

/** Without a choice, all. */
function parted(all: readonly string[], asked: readonly string[] | undefined) {
  const wanted = asked && new Set(asked);
  const isChosen = (id: string) => wanted === undefined || wanted.has(id);
  return { chosen: all.filter(isChosen), others: all.filter((id) => !isChosen(id)) };
}
