import { createHash } from 'node:crypto';
import {
  DomainError,
  type OutputOf,
  type PersonOutcome,
  type PropertyId,
  type syncBasis,
  type UpstreamPerson,
} from '@leasewire/contracts';
import type { Call, Clock, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { shownOf } from '../account/account.rules.js';
import { decide, type Decided } from '../decision/decision.rules.js';
import { accessOf } from '../decision/access.rules.js';
import { displayNameOf, hashOf, isUnresolved } from '../decision/fields.rules.js';
import { countingOf, isLive } from '../decision/stays.rules.js';
import { localDateOf } from '../decision/zone.rules.js';
import { PersonRepository, upstreamKey, type PersonDoc } from '../person/person.repository.js';
import { policyOf } from '../property/policy.rules.js';
import { settingOf, type PropertyDoc } from '../property/property.repository.js';
import { PropertyService } from '../property/property.service.js';
import { isOfPms } from './fed.rules.js';
import { ObservedReader, type Known, type ObservedInput } from './observed.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';
import { factsAfter, sentenceOf } from './sync.rules.js';

const attempts = 5;
const mostAgain = 1000;

/** One person of an observation, and what is to be done. */
interface Planned {
  readonly upstreamId: string;
  readonly said: UpstreamPerson | null;
  readonly before: ResidentDoc | null;
  readonly decided: Decided;
}

/** `plan` and `apply` are the same until something is written. */
@Injectable()
export class SyncService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyService,
    private readonly residents: ResidentRepository,
    private readonly persons: PersonRepository,
    private readonly reader: ObservedReader,
    private readonly keeper: ResidentKeeper,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async plan(input: ObservedInput, call: Call) {
    const property = await this.properties.visible(call, input.propertyId);
    const planned = this.#decide(property, input, await this.reader.read(property, input), this.clock.now());
    const livingHere = await this.#livingHere(property);
    return { outcomes: planned.map((one) => outcomeOf(one, one.before)), livingHere };
  }

  async basis(propertyId: PropertyId, call: Call): Promise<OutputOf<typeof syncBasis>> {
    const property = await this.properties.visible(call, propertyId);
    const { orgId } = call;
    // whoever was restored has no hash: what the PMS said of them meanwhile was not heard
    const unheard = { orgId, propertyId, upstreamHash: { $type: 'null' }, upstreamId: { $type: 'string' } } as const;
    const [livingHere, again] = await Promise.all([
      this.#livingHere(property),
      this.residents.find({ ...unheard, staffArchived: false }, { fields: ['upstreamId'], limit: mostAgain }),
    ]);
    const basis = createHash('sha256')
      .update(JSON.stringify(policyOf(property)))
      .digest('base64url')
      .slice(0, 22);
    return { basis, again: again.flatMap(({ upstreamId }) => upstreamId ?? []), livingHere };
  }

  #livingHere({ orgId, _id: propertyId }: PropertyDoc): Promise<number> {
    return this.residents.count({
      orgId,
      propertyId,
      state: { $in: ['active', 'pending-import'] },
      leaseStatus: { $in: ['current', 'notice'] },
    });
  }

  async apply(input: ObservedInput, call: Call): Promise<{ outcomes: PersonOutcome[] }> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#apply(input, call);
      } catch (error) {
        // another sync registered one of them meanwhile, here or in another property; now they are known
        const metAnother = error instanceof DomainError && (error.code === 'conflict.state' || error.code === 'conflict.version');
        if (!metAnother || attempt === attempts) throw error;
      }
  }

  async #apply(input: ObservedInput, call: Call): Promise<{ outcomes: PersonOutcome[] }> {
    return this.work.run(call, async (tx) => {
      const property = await this.properties.visible(call, input.propertyId, tx);
      const known = await this.reader.read(property, input, tx);
      const planned = this.#decide(property, input, known, tx.now);
      const writing = planned.filter(({ decided }) => decided.occupancies !== null);
      const personOf = await this.#persons(tx, property, writing, known);
      await this.#free(tx, property, known, { runId: input.runId, writing });
      const saved = await this.keeper.save(
        tx,
        property,
        writing.map((one) => {
          const person = personOf(one);
          return {
            before: one.before,
            after: factsAfter(
              {
                ...one,
                personId: person._id,
                account: shownOf(person.account),
                ownLanguage: person.language?.locale,
                property,
                fetchedAt: new Date(input.fetchedAt),
                similar: known.similar,
              },
              { occupancy: () => this.ids.next('occ'), resident: () => this.ids.next('res') },
            ),
            entry: {
              what: one.decided.decision,
              text: sentenceOf(one.decided, one.before?.occupancy?.unit ?? null),
              source: 'pms' as const,
              runId: input.runId,
              ...(input.confirmed !== undefined && { holdId: input.confirmed }),
            },
          };
        }),
      );
      const after = new Map(saved.map((doc) => [doc.upstreamId, doc]));
      return { outcomes: planned.map((one) => outcomeOf(one, after.get(one.upstreamId) ?? one.before)) };
    });
  }

  /** They stay as they are, in the hands of staff. */
  async #free(
    tx: Tx,
    property: PropertyDoc,
    { strangers }: Known,
    { runId, writing }: { runId: ObservedInput['runId']; writing: readonly Planned[] },
  ): Promise<void> {
    const named = new Map(writing.map(({ upstreamId, said }) => [upstreamId, said]));
    const freed = strangers.flatMap((before) => {
      const said = named.get(before.upstreamId ?? '');
      const text =
        said && `The PMS calls ${displayNameOf(said.name)} by the number that they had in the one before; staff keep them.`;
      const after = { ...before, upstreamId: null, upstreamHash: null, connectionId: null };
      return text ? [{ before, after, entry: { what: 'update', text, source: 'pms' as const, runId } }] : [];
    });
    await this.keeper.save(tx, property, freed);
  }

  #decide(property: PropertyDoc, input: ObservedInput, known: Known, now: Date): Planned[] {
    const fetchedAt = new Date(input.fetchedAt);
    const setting = settingOf(property);
    const today = localDateOf(now, property.timeZone);
    const plan = (upstreamId: string, said: UpstreamPerson | null): Planned => {
      const before = known.residents.get(upstreamId) ?? null;
      const heard = said && { userTypes: said.userTypes, stays: said.stays.map(known.resolve), hash: hashOf(said) };
      const isOver: Parameters<typeof decide>[2]['isOver'] = (occupancies) =>
        !occupancies.some((occupancy) => occupancy.status === 'future' && isLive(occupancy)) &&
        accessOf(
          {
            state: 'active',
            archivedReason: null,
            userTypes: said?.userTypes ?? [],
            staffAccess: null,
            occupancies,
            freshAsOf: fetchedAt,
          },
          setting,
          now,
        ).over;
      const lastSweepAt = input.confirmed === undefined ? property.lastSweepAt : null;
      const decided = decide(heard, before && registered(before, { ...property, lastSweepAt }), {
        scope: input.scope,
        fetchedAt,
        today,
        isOver,
      });
      return { upstreamId, said, before, decided };
    };
    const present = new Map(input.present.map((person) => [person.upstreamId, person]));
    const absent = new Set(input.absent.filter((id) => !present.has(id)));
    return [
      ...[...present.values()].map((person) => plan(person.upstreamId, person)),
      ...[...absent].map((id) => plan(id, null)),
    ];
  }

  /** The same upstream id of a connection is the same person, in whichever property they are seen first. */
  async #persons(tx: Tx, { connectionId }: PropertyDoc, writing: readonly Planned[], known: Known) {
    const fresh = writing.filter(({ before }) => before === null).map(({ upstreamId }) => upstreamId);
    const keyOf = (upstreamId: string): string => upstreamKey(connectionId ?? 'none', upstreamId);
    const unknown = fresh.filter((upstreamId) => !known.persons.has(keyOf(upstreamId)));
    const minted = await this.persons.insertMany(
      tx,
      unknown.map((upstreamId) => ({
        _id: this.ids.next('per'),
        orgId: tx.orgId,
        // what a file calls somebody is theirs in one property only
        upstream: connectionId === null ? [] : [keyOf(upstreamId)],
        erasedAt: null,
        account: null,
      })),
    );
    const made = new Map(minted.map((person, at) => [unknown[at], person] as const));
    return ({ before, upstreamId }: Planned): Pick<PersonDoc, '_id' | 'account' | 'language'> => {
      if (before) return { _id: before.personId, account: null };
      const person = known.persons.get(keyOf(upstreamId)) ?? made.get(upstreamId);
      if (!person) throw new Error(`nobody was made of ${upstreamId}`);
      return person;
    };
  }
}

/** A removal that somebody approved is of a sweep that others may have followed: only what is newer of them refuses it. */
function registered(doc: ResidentDoc, property: PropertyDoc) {
  const { state, occupancies, fetchedAt, goneUpstream: gone } = doc;
  const { connectionId, lastSweepAt } = property;
  // said by another source, it is no word of this one
  const hash = doc.connectionId === connectionId ? doc.upstreamHash : null;
  const seen =
    state !== 'archived' && lastSweepAt !== null && (fetchedAt === null || lastSweepAt > fetchedAt) ? lastSweepAt : fetchedAt;
  return {
    ...{ state, byStaff: doc.staffArchived, byHand: !isOfPms(doc, property) },
    ...{ occupancies, hash, fetchedAt: seen, unresolved: isUnresolved(occupancies), gone },
  };
}

function outcomeOf({ upstreamId, said, before, decided }: Planned, after: ResidentDoc | null): PersonOutcome {
  const { decision, outcome, announced, reason, occupancies } = decided;
  return {
    upstreamId,
    residentId: after?._id ?? null,
    name: said ? displayNameOf(said.name) : (before?.displayName ?? upstreamId),
    unit: (occupancies ? countingOf(occupancies)?.unit : before?.occupancy?.unit) ?? said?.stays[0]?.unitName ?? null,
    outcome,
    decision,
    ...(announced !== undefined && { announced }),
    ...(reason && { reason }),
  };
}
