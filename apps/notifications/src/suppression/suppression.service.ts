import {
  DomainError,
  suppressionAdded,
  suppressionReleased,
  type addSuppression,
  type Channel,
  type listSuppressions,
  type OrgId,
  type ParsedInputOf,
  type PersonId,
  type releaseSuppression,
  type Suppression,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { SuppressionRepository, toSuppression, type SuppressionDoc } from './suppression.repository.js';

interface Wish {
  readonly channel: Channel;
  readonly address: string;
  readonly reason: SuppressionDoc['reason'];
  readonly detail: string | null;
  readonly personId: PersonId | null;
}

/** Addresses that are not written to any more, why, and how they come back. */
@Injectable()
export class SuppressionService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly suppressions: SuppressionRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  list(input: ParsedInputOf<typeof listSuppressions>, call: Call) {
    const { limit, cursor, withTotal = false, channel, state, personId, address } = input;
    const { orgId } = call;
    const filter = {
      ...{ orgId, state },
      ...(channel && { channel }),
      ...(personId && { personIds: personId }),
      ...(address !== undefined && { address: address.toLowerCase() }),
    };
    return this.suppressions
      .page(filter, { sort: { _id: -1 }, limit, cursor, withTotal })
      .then((page) => ({ ...page, items: page.items.map(toSuppression) }));
  }

  add({ email, phone, detail }: ParsedInputOf<typeof addSuppression>, call: Call): Promise<Suppression> {
    const [channel, address] = email === undefined ? (['sms', phone] as const) : (['email', email] as const);
    if (address === undefined) throw new DomainError('invalid-input', 'Give an e-mail address or a phone number.');
    return this.work.run(call, async (tx) =>
      toSuppression(await this.suppress(tx, { channel, address, reason: 'staff', detail: detail ?? null, personId: null })),
    );
  }

  release({ suppressionId, because }: ParsedInputOf<typeof releaseSuppression>, call: Call): Promise<Suppression> {
    return this.work.run(call, async (tx) => {
      const doc = await this.suppressions.get({ orgId: tx.orgId, _id: suppressionId }, { tx });
      if (doc.state === 'released') return toSuppression(doc);
      if (doc.reason === 'complaint')
        throw new DomainError('suppression.complaint', 'They reported a message as spam. They must ask for mail themselves.');
      return toSuppression(await this.#release(tx, doc, because));
    });
  }

  /** Once for each address; the first reason stays, the second adds whose address it is. */
  async suppress(tx: Tx, { channel, address, reason, detail, personId }: Wish): Promise<SuppressionDoc> {
    const { orgId } = tx;
    const known = await this.suppressions.findOne({ orgId, channel, address, state: 'active' }, { tx });
    if (known) {
      if (personId === null || known.personIds.includes(personId)) return known;
      return this.suppressions.save(tx, { ...known, personIds: [...known.personIds, personId] });
    }
    const saved = await this.suppressions.insert(tx, {
      ...{ _id: this.ids.next('sup'), orgId, channel, address, reason },
      detail: detail?.slice(0, 500) ?? null,
      personIds: personId === null ? [] : [personId],
      state: 'active',
      by: by(tx),
      releasedBy: null,
      releasedBecause: null,
    });
    tx.publish(suppressionAdded, { suppression: toSuppression(saved) }, saved);
    return saved;
  }

  /** They have another address now: what was wrong with the old one is of no concern, should it come back. */
  async follow(tx: Tx, personId: PersonId, addresses: readonly string[]): Promise<void> {
    const { orgId } = tx;
    const about = await this.suppressions.find({ orgId, personIds: personId, state: 'active' }, { tx });
    for (const doc of about)
      if (doc.reason !== 'complaint' && doc.reason !== 'staff' && !addresses.includes(doc.address))
        await this.#release(tx, doc, 'Their address was changed.');
  }

  async forget(tx: Tx, personId: PersonId): Promise<void> {
    const { orgId }: { orgId: OrgId } = tx;
    await this.suppressions.removeMany(tx, { orgId, personIds: personId, reason: { $ne: 'complaint' } });
  }

  async #release(tx: Tx, doc: SuppressionDoc, because: string): Promise<SuppressionDoc> {
    const saved = await this.suppressions.save(tx, { ...doc, state: 'released', releasedBy: by(tx), releasedBecause: because });
    tx.publish(suppressionReleased, { suppression: toSuppression(saved) }, saved);
    return saved;
  }
}

const by = ({ cause }: Tx) => (cause.kind === 'call' ? cause.actor.ref : cause.actor);
