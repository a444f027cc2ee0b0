import {
  consentRecorded,
  type ActorRef,
  type Channel,
  type ConsentAnswer,
  type MessageCategory,
  type OrgId,
  type PersonId,
  type PropertyId,
} from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { consentOf, heard, heldByCarrier, silence, type Said } from './consent.rules.js';
import { ConsentRepository, StandingRepository, toFacts, type ConsentDoc, type StandingDoc } from './consent.repository.js';

export interface Place {
  readonly channel: Channel;
  readonly address: string;
}

export interface Consulted {
  readonly address: string;
  readonly personId: PersonId | null;
}

/** Who may be written to where, and every word that says so. */
@Injectable()
export class ConsentLedger {
  constructor(
    private readonly entries: ConsentRepository,
    private readonly standings: StandingRepository,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** What each of them said about this category, in their order. */
  async consents(
    { orgId, category, channel }: { readonly orgId: OrgId; readonly category: MessageCategory; readonly channel: Channel },
    people: readonly Consulted[],
  ): Promise<(ConsentAnswer | null)[]> {
    const said: (ConsentAnswer | null)[] = [];
    for (let from = 0; from < people.length; from += 1_000) {
      const some = people.slice(from, from + 1_000);
      const known = await this.#known(orgId, channel, some);
      said.push(
        ...some.map(({ address, personId }) =>
          consentOf(category, personId, ...known.of(addressOf({ channel, address }), personId)),
        ),
      );
    }
    return said;
  }

  async #known(orgId: OrgId, channel: Channel, people: readonly Consulted[]) {
    const addresses = people.map(({ address }) => addressOf({ channel, address }));
    const personIds = people.flatMap(({ personId }) => personId ?? []);
    const found = await this.standings.find({
      orgId,
      channel,
      $or: [{ address: { $in: addresses } }, { personIds: { $in: personIds } }],
    });
    const byAddress = new Map(found.map((one) => [one.address, one]));
    const byPerson = new Map<PersonId, StandingDoc[]>();
    for (const standing of found)
      for (const personId of standing.personIds) byPerson.set(personId, [...(byPerson.get(personId) ?? []), standing]);
    return {
      of: (address: string, personId: PersonId | null): [StandingDoc | null, StandingDoc[]] => [
        byAddress.get(address) ?? null,
        personId === null ? [] : (byPerson.get(personId) ?? []),
      ],
    };
  }

  /** Adds a line and brings what counts up to it. */
  async write(tx: Tx, place: Place, said: Said, by: ActorRef, wording: string | null): Promise<ConsentDoc> {
    const address = addressOf(place);
    const { channel } = place;
    const entry = await this.entries.insert(tx, {
      _id: this.ids.next('cns'),
      orgId: tx.orgId,
      ...{
        personId: said.personId,
        channel,
        address,
        category: said.category,
        answer: said.answer,
        how: said.how,
        wording,
        at: said.at,
        by,
      },
    });
    const known = await this.standings.at(tx.orgId, channel, address, tx);
    const { categories, ...rest } = heard(known ?? silence, said);
    const next = { blocked: rest.blocked, unblockedAt: rest.unblockedAt, categories: [...categories] };
    if (known === null)
      await this.standings.insert(tx, {
        ...this.#blank(tx.orgId, { channel, address }),
        ...next,
        personIds: listOf(said.personId),
      });
    else await this.standings.save(tx, { ...known, ...next, personIds: withOne(known.personIds, said.personId) });
    tx.publish(consentRecorded, { consent: toFacts(entry) }, entry);
    return entry;
  }

  /** Twilio refuses to text them: they said STOP where we did not hear it. */
  async stoppedAtProvider(orgId: OrgId, address: string, wording: string): Promise<void> {
    const known = await this.standings.at(orgId, 'sms', address);
    if (known?.blocked && heldByCarrier(known.blocked.how)) return;
    await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
      const said = { personId: null, category: null, answer: 'refused', how: 'provider', at: tx.now } as const;
      await this.write(tx, { channel: 'sms', address }, said, 'service:notifications', wording);
    });
  }

  /** Whose number it is that a text goes to: an answer from there is then known. Written once for each person and property. */
  async noteTexted(orgId: OrgId, address: string, personId: PersonId | null, propertyId: PropertyId | null): Promise<void> {
    const known = await this.standings.at(orgId, 'sms', address);
    if (known !== null && isIn(known.personIds, personId) && isIn(known.propertyIds, propertyId)) return;
    await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
      const current = await this.standings.at(orgId, 'sms', address, tx);
      const place = { channel: 'sms', address } as const;
      if (current === null)
        await this.standings.insert(tx, {
          ...this.#blank(orgId, place),
          personIds: listOf(personId),
          propertyIds: listOf(propertyId),
        });
      else
        await this.standings.save(tx, {
          ...current,
          personIds: withOne(current.personIds, personId),
          propertyIds: withOne(current.propertyIds, propertyId),
        });
    });
  }

  #blank(orgId: OrgId, { channel, address }: Place): Omit<StandingDoc, 'version' | 'createdAt' | 'updatedAt'> {
    const none = { blocked: null, unblockedAt: null, categories: [], personIds: [], propertyIds: [] };
    return { _id: this.ids.next('cst'), orgId, channel, address, ...none };
  }
}

/** E-mail addresses are compared in small letters. */
export const addressOf = ({ channel, address }: Place): string => (channel === 'email' ? address.trim().toLowerCase() : address);

const listOf = <T>(one: T | null): T[] => (one === null ? [] : [one]);
const isIn = <T>(list: readonly T[], one: T | null): boolean => one === null || list.includes(one);
/** Bounded: a number that a whole house shares is nobody's in particular. */
const withOne = <T>(list: readonly T[], one: T | null): T[] =>
  isIn(list, one) || one === null ? [...list] : [...list, one].slice(-50);
