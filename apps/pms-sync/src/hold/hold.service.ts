import {
  DomainError,
  type approveHold,
  type Hold,
  type HoldId,
  type listHolds,
  type ParsedInputOf,
  type rejectHold,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
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
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<HoldDoc>('hold-expiry', {
      repository: holds,
      handle: (doc) => this.#expire(doc),
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

  /** These people may go: a run tells directory so, with the hold as its warrant. The others stay until the PMS shows them again. */
  async approve({ holdId, upstreamIds, note, version }: ParsedInputOf<typeof approveHold>, call: Call): Promise<Hold> {
    const { orgId, actor } = call;
    return this.work.run(call, async (tx) => {
      const hold = await this.#open(tx, holdId, call, version);
      const all = (await this.people.find({ orgId, holdId }, { tx })).map(({ upstreamId }) => upstreamId);
      const chosen = upstreamIds === undefined ? all : all.filter((id) => upstreamIds.includes(id));
      if (chosen.length === 0) throw new DomainError('conflict.state', 'None of these people is in the hold. Reject it instead.');
      const going = new Set(chosen);
      await this.#keep(
        tx,
        hold,
        all.filter((id) => !going.has(id)),
      );
      const saved = await this.keeping.resolve(tx, hold, 'approved', actor.ref, note ?? null);
      const property = await this.properties.get({ orgId, _id: hold.propertyId }, { tx });
      await this.runs.queue(tx, { property, scope: 'residents', cause: 'hold', startedBy: actor.ref, people: chosen, holdId });
      return toHold(saved);
    });
  }

  async reject({ holdId, note, version }: ParsedInputOf<typeof rejectHold>, call: Call): Promise<Hold> {
    return this.work.run(call, async (tx) => {
      const hold = await this.#open(tx, holdId, call, version);
      const all = await this.people.find({ orgId: call.orgId, holdId }, { tx });
      await this.#keep(
        tx,
        hold,
        all.map(({ upstreamId }) => upstreamId),
      );
      return toHold(await this.keeping.resolve(tx, hold, 'rejected', call.actor.ref, note ?? null));
    });
  }

  async #open(tx: Tx, _id: HoldId, { orgId, actor }: Call, version: number | undefined): Promise<HoldDoc> {
    const hold = await this.holds.get({ orgId, _id }, { tx });
    assertSees(actor.properties, hold.propertyId);
    assertVersion(hold, version);
    if (hold.state !== 'open')
      throw new DomainError('conflict.state', `This hold is ${hold.state} already.`, { state: hold.state });
    return hold;
  }

  async #keep(tx: Tx, { orgId, propertyId }: HoldDoc, upstreamIds: readonly string[]): Promise<void> {
    if (upstreamIds.length === 0) return;
    const property = await this.properties.get({ orgId, _id: propertyId }, { tx });
    await this.properties.save(tx, { ...property, kept: [...new Set([...property.kept, ...upstreamIds])] });
  }

  /** Nobody decided: nobody was moved out, and the next sweep asks again if it is still so. */
  async #expire({ orgId, _id }: HoldDoc): Promise<void> {
    await this.work.run(systemCause('pms-sync', orgId, this.ids), async (tx) => {
      const hold = await this.holds.findOne({ orgId, _id }, { tx });
      if (hold?.state !== 'open' || !hold.due || hold.due.at > tx.now) return;
      await this.keeping.resolve(tx, hold, 'expired', null, null);
    });
  }
}
