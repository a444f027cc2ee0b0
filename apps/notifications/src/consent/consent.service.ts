import {
  DomainError,
  type getConsentStanding,
  type listConsents,
  type OutputOf,
  type ParsedInputOf,
  type recordConsent,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PeopleSeen } from '../audience/people-seen.js';
import { heldByCarrier, type Said } from './consent.rules.js';
import { ConsentRepository, StandingRepository, toEntry, toStanding } from './consent.repository.js';
import { ConsentLedger, type Place } from './consent-ledger.js';

const minute = 60_000;

/** The ledger as staff see it and write into it. */
@Injectable()
export class ConsentService {
  constructor(
    private readonly entries: ConsentRepository,
    private readonly standings: StandingRepository,
    private readonly ledger: ConsentLedger,
    private readonly people: PeopleSeen,
    private readonly work: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ limit, cursor, ...asked }: ParsedInputOf<typeof listConsents>, { orgId, actor }: Call) {
    // who may not see every property asks about somebody they know
    if (actor.properties !== 'all' && asked.personId === undefined && asked.address === undefined)
      return { items: [], nextCursor: null };
    const { personId, channel, address, answer } = asked;
    const filter = {
      orgId,
      ...(personId !== undefined && { personId }),
      ...(channel !== undefined && { channel }),
      ...(address !== undefined && { address }),
      ...(answer !== undefined && { answer }),
    };
    const { items, nextCursor } = await this.entries.page(filter, { sort: { _id: -1 }, limit, cursor });
    return { items: items.map(toEntry), nextCursor };
  }

  async standing(asked: ParsedInputOf<typeof getConsentStanding>, { orgId }: Call): Promise<OutputOf<typeof getConsentStanding>> {
    const { personId, channel, address } = asked;
    if (personId === undefined && address === undefined)
      throw new DomainError('invalid-input', 'Say whose: give personId, or a number or address.');
    const filter = {
      orgId,
      ...(personId !== undefined && { personIds: personId }),
      ...(channel !== undefined && { channel }),
      ...(address !== undefined && { address }),
    };
    const found = await this.standings.find(filter, { sort: { _id: 1 }, limit: 200 });
    return { items: found.map(toStanding) };
  }

  /** One line for each category; without any, a refusal is about everything. */
  async record(input: ParsedInputOf<typeof recordConsent>, call: Call): Promise<OutputOf<typeof recordConsent>> {
    const now = this.clock.now();
    const at = input.at === undefined ? now : new Date(input.at);
    if (at.getTime() > now.getTime() + minute)
      throw new DomainError('consent.future', 'This is in the future. Give the moment when it was said.');
    const { answer, how, personId, phone, email } = input;
    const place: Place = phone === undefined ? { channel: 'email', address: email ?? '' } : { channel: 'sms', address: phone };
    if (!(await this.people.isTheirs(call, personId, place.address)))
      throw call.actor.properties === 'all'
        ? new DomainError('not-found', `There is no person ${String(personId)}.`)
        : new DomainError(
            'forbidden',
            'You record what residents of your properties said: give personId, and their own address.',
          );
    const categories: Said['category'][] = input.categories ?? (answer === 'refused' ? [null] : ['operational']);
    return this.work.run(call, async (tx) => {
      const known = await this.standings.at(tx.orgId, place.channel, place.address, tx);
      if (answer === 'granted' && known?.blocked && heldByCarrier(known.blocked.how))
        throw new DomainError(
          'consent.stopped',
          'They texted STOP, and the carrier holds to it whatever we do. Ask them to text START to our number.',
        );
      const items = [];
      for (const category of categories)
        items.push(
          toEntry(await this.ledger.write(tx, place, { personId, category, answer, how, at }, call.actor.ref, input.wording)),
        );
      return { items };
    });
  }
}
