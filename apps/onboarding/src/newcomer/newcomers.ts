import { localDateIn, PropertyId, type PersonId } from '@leasewire/contracts';
import { dueAt, Effects, type Attempted, type Effect, type Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccountRepository, type MemberDoc } from '../account/account.repository.js';
import { StaffAlerts } from '../alert/staff-alerts.js';
import { Communities } from '../community/communities.js';
import type { CommunityDoc } from '../community/community.repository.js';
import { NewcomerDigestRepository, NewcomerRepository, type NewcomerDigestDoc } from './newcomer.repository.js';
import { nextDigest, stillWaiting } from './newcomer.rules.js';

const kind = 'newcomer-alert';
const Payload = z.object({ propertyId: PropertyId, day: z.string(), count: z.int(), names: z.array(z.string()) });
/** Who comes when a digest is about to be made takes part in its transaction: into this one or the next, never between them. */
const aboutToMs = 60_000;

/** Once a day, staff of properties that want it are told who arrived and waits for an invitation. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly newcomers: NewcomerRepository,
    private readonly digests: NewcomerDigestRepository,
    private readonly accounts: AccountRepository,
    private readonly communities: Communities,
    private readonly alerts: StaffAlerts,
    background: Background,
    effects: Effects,
  ) {
    background.claimer<NewcomerDigestDoc>('newcomer-digests', {
      repository: digests,
      handle: (tx, docs) => Promise.all(docs.map((digest) => this.#tell(tx, digest))),
      onGiveUp: () => Promise.resolve(), // whoever comes next makes it due again
    });
    effects.define(kind, {
      payload: Payload,
      attempt: (effect) => this.#raise(effect),
      reconcile: (effect) => this.#raise(effect),
      maxAttempts: 500,
      backoff: { firstMs: 300, mostMs: 30_000 },
    });
  }

  async note(tx: Tx, personId: PersonId, { residentId, propertyId }: MemberDoc, { timeZone }: CommunityDoc): Promise<void> {
    const { orgId } = tx;
    if ((await this.newcomers.findOne({ orgId, _id: residentId }, { tx })) === null)
      await this.newcomers.insert(tx, { _id: residentId, orgId, personId, propertyId });
    const digest = await this.digests.findOne({ orgId, _id: propertyId }, { tx });
    const due = digest?.due ?? dueAt(nextDigest(tx.now, timeZone));
    if (digest === null) await this.digests.insert(tx, { _id: propertyId, orgId, due });
    else if (digest.due === undefined || digest.due.at.getTime() < tx.now.getTime() + aboutToMs)
      await this.digests.save(tx, { ...digest, due });
  }

  async #tell(tx: Tx, { due: _due, ...digest }: NewcomerDigestDoc): Promise<void> {
    const { orgId, _id: propertyId } = digest;
    await this.digests.save(tx, digest);
    const rows = await this.newcomers.find({ orgId, propertyId }, { tx });
    await this.newcomers.removeMany(tx, { orgId, propertyId });
    const { settings, community } = await this.communities.rules(orgId, propertyId, tx);
    if (settings.newPeople !== 'digest' || community.archived) return;
    const ids = [...new Set(rows.map(({ personId }) => personId))];
    const people = await this.accounts.find({ orgId, _id: { $in: ids } }, { tx });
    const { count, names } = stillWaiting(new Set(rows.map(({ _id }) => _id)), people);
    const day = localDateIn(community.timeZone, tx.now);
    if (count > 0) tx.effect(kind, { propertyId, day, count, names }, { key: `${propertyId}:${day}` });
  }

  #raise(effect: Effect<z.output<typeof Payload>>): Promise<Attempted> {
    const { propertyId, day, count, names } = effect.payload;
    const more = count - names.length;
    return this.alerts.raise(effect, {
      kind: 'people-not-invited',
      key: `${propertyId}:${day}`,
      propertyId,
      data: { 'alert.count': String(count), 'people.names': `${names.join(', ')}${more > 0 ? ` +${more}` : ''}` },
      place: `/properties/${propertyId}/residents`,
    });
  }
}
