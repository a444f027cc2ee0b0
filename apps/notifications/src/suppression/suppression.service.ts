import {
  DomainError,
  suppressionAdded,
  suppressionReleased,
  type ActorRef,
  type addSuppression,
  type Channel,
  type listSuppressions,
  type OrgId,
  type ParsedInputOf,
  type PersonId,
  type PropertyId,
  type releaseSuppression,
  type Suppression,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { isWord } from './suppression.rules.js';
import { SuppressionRepository, toSuppression, type SuppressionDoc } from './suppression.repository.js';

interface Wish {
  readonly channel: Channel;
  readonly address: string;
  readonly reason: SuppressionDoc['reason'];
  readonly detail: string | null;
  readonly personId: PersonId | null;
  readonly propertyIds: readonly PropertyId[];
}

/** Addresses that are not written to any more, why, and how they come back. */
@Injectable()
export class SuppressionService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly suppressions: SuppressionRepository,
    private readonly deliveries: DeliveryRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  list(input: ParsedInputOf<typeof listSuppressions>, call: Call) {
    const { limit, cursor, withTotal = false, channel, state, personId, address } = input;
    const { orgId, actor } = call;
    const filter = {
      ...{ orgId, state },
      ...(actor.properties !== 'all' && { propertyIds: { $in: [...actor.properties] } }),
      ...(channel && { channel }),
      ...(personId && { personIds: personId }),
      ...(address !== undefined && { address: address.toLowerCase() }),
    };
    return this.suppressions
      .page(filter, { sort: { _id: -1 }, limit, cursor, withTotal })
      .then((page) => ({ ...page, items: page.items.map(toSuppression) }));
  }

  async add({ email, phone, detail }: ParsedInputOf<typeof addSuppression>, call: Call): Promise<Suppression> {
    const [channel, address] = email === undefined ? (['sms', phone] as const) : (['email', email] as const);
    if (address === undefined) throw new DomainError('invalid-input', 'Give an e-mail address or a phone number.');
    const propertyIds = await this.#writtenFrom(call, channel, address);
    const wish = { channel, address, reason: 'staff', detail: detail ?? null, personId: null, propertyIds } as const;
    return this.work.run(call, async (tx) => toSuppression(await this.suppress(tx, wish)));
  }

  /** Staff of some properties end mails to who was written to from these, and to nobody else. */
  async #writtenFrom({ orgId, actor }: Call, channel: Channel, address: string): Promise<PropertyId[]> {
    const { properties } = actor;
    const scope = properties === 'all' ? {} : { propertyId: { $in: [...properties] } };
    const found = await this.deliveries.find({ orgId, address, channel, ...scope }, { fields: ['propertyId'], limit: 100 });
    if (properties !== 'all' && found.length === 0)
      throw new DomainError('forbidden', 'Nobody of your properties was written to there. Ask somebody who sees all properties.');
    return [...new Set(found.flatMap(({ propertyId }) => propertyId ?? []))];
  }

  release({ suppressionId, because }: ParsedInputOf<typeof releaseSuppression>, call: Call): Promise<Suppression> {
    return this.work.run(call, async (tx) => {
      const doc = await this.suppressions.get({ orgId: tx.orgId, _id: suppressionId }, { tx });
      const { properties } = call.actor;
      if (properties !== 'all' && !doc.propertyIds.some((one) => properties.includes(one)))
        throw new DomainError('not-found', `There is no ${suppressionId} here, or you may not see it.`);
      if (doc.state === 'released') return toSuppression(doc);
      if (doc.reason === 'complaint')
        throw new DomainError(
          'suppression.complaint',
          'They reported a message as spam. Only they can undo it: by the link at the end of any mail that they have from you.',
        );
      return toSuppression(await this.#release(tx, doc, because));
    });
  }

  /** They reported a message to this address as spam, and have not asked for any since. */
  async isComplained(orgId: OrgId, address: string): Promise<boolean> {
    const active = await this.suppressions.among(orgId, 'email', [address]);
    return active.get(address)?.reason === 'complaint';
  }

  /** Whoever complained asks for mail again, themselves. */
  async askedAgain(tx: Tx, address: string, by: ActorRef): Promise<void> {
    const about = { orgId: tx.orgId, channel: 'email' as const, address, state: 'active' as const, reason: 'complaint' as const };
    const doc = await this.suppressions.findOne(about, { tx });
    if (doc) await this.#release(tx, doc, 'They asked for mail again.', by);
  }

  /** Once for each address; the first reason stays, the second adds whose address it is. */
  async suppress(tx: Tx, { channel, address, reason, detail, personId, propertyIds }: Wish): Promise<SuppressionDoc> {
    const { orgId } = tx;
    const known = await this.suppressions.findOne({ orgId, channel, address, state: 'active' }, { tx });
    if (known) {
      const whose = {
        personIds: [...new Set([...known.personIds, ...(personId === null ? [] : [personId])])],
        propertyIds: [...new Set([...known.propertyIds, ...propertyIds])],
      };
      const isKnown = whose.personIds.length === known.personIds.length && whose.propertyIds.length === known.propertyIds.length;
      return isKnown ? known : this.suppressions.save(tx, { ...known, ...whose });
    }
    const saved = await this.suppressions.insert(tx, {
      ...{ _id: this.ids.next('sup'), orgId, channel, address, reason },
      detail: detail?.slice(0, 500) ?? null,
      personIds: personId === null ? [] : [personId],
      propertyIds: [...propertyIds],
      state: 'active',
      by: byOf(tx),
      releasedBy: null,
      releasedBecause: null,
    });
    tx.publish(suppressionAdded, { suppression: toSuppression(saved) }, aggregate(saved));
    return saved;
  }

  /** They have another address now: what was wrong with the old one is of no concern, should it come back. */
  async follow(tx: Tx, personId: PersonId, addresses: readonly string[]): Promise<void> {
    const { orgId } = tx;
    const about = await this.suppressions.find({ orgId, personIds: personId, state: 'active' }, { tx });
    for (const doc of about) {
      if (isWord(doc) || addresses.includes(doc.address)) continue;
      const personIds = doc.personIds.filter((one) => one !== personId);
      // somebody else may have the address still
      if (personIds.length > 0) await this.suppressions.save(tx, { ...doc, personIds });
      else await this.#release(tx, doc, 'Their address was changed.');
    }
  }

  async forget(tx: Tx, personId: PersonId): Promise<void> {
    const { orgId }: { orgId: OrgId } = tx;
    await this.suppressions.removeMany(tx, { orgId, personIds: personId, reason: { $ne: 'complaint' } });
  }

  async #release(tx: Tx, doc: SuppressionDoc, because: string, releasedBy = byOf(tx)): Promise<SuppressionDoc> {
    const saved = await this.suppressions.save(tx, { ...doc, state: 'released', releasedBy, releasedBecause: because });
    tx.publish(suppressionReleased, { suppression: toSuppression(saved) }, aggregate(saved));
    return saved;
  }
}

/** Events of a property are for those who see it. */
const aggregate = ({ _id, version, propertyIds: [propertyId] }: SuppressionDoc) => ({
  _id,
  version,
  ...(propertyId !== undefined && { propertyId }),
});
const byOf = ({ cause }: Tx): ActorRef => (cause.kind === 'call' ? cause.actor.ref : cause.actor);
