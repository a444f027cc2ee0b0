import { randomBytes } from 'node:crypto';
import { deliveryChanged, type DeliveryId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { Effects, SecretBox, type New, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Decided } from '../audience/verdict.rules.js';
import type { MessageDoc } from '../message/message.repository.js';
import { DeliveryRepository, factsOf, type DeliveryDoc } from './delivery.repository.js';
import { mayBecome, needsSecrets } from './delivery.rules.js';
import { withoutAddresses } from './without-addresses.rules.js';
import { effectOf, leftReason, nextSteps, sealedAt, tellOfUnknown, type Unknown } from './delivery-words.js';

type Change = Partial<
  Pick<
    DeliveryDoc,
    | 'state'
    | 'skipReason'
    | 'reason'
    | 'nextStep'
    | 'providerReference'
    | 'attempts'
    | 'sentAt'
    | 'deliveredAt'
    | 'effectId'
    | 'archived'
  >
>;

/** What a delivery has from its message. */
type Written = Pick<MessageDoc, '_id' | 'orgId' | 'propertyId' | 'category' | 'template' | 'key' | 'service' | 'secrets'>;

/** The only one who writes deliveries: each change goes forward, and is told. */
@Injectable()
export class DeliveryWriter {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly effects: Effects,
    private readonly box: SecretBox,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** One row for each person and channel; who has one already, after a crash in the middle, keeps it. */
  async write(tx: Tx, message: Written, some: readonly Decided[], first: boolean): Promise<void> {
    const { orgId } = tx;
    const whos = [...new Set(some.map(({ candidate }) => candidate.who))];
    const there = await this.deliveries.find(
      { orgId, messageId: message._id, who: { $in: whos } },
      { tx, fields: ['who', 'channel'] },
    );
    const known = new Set(there.map(({ who, channel }) => `${who} ${channel}`));
    await this.begin(
      tx,
      message,
      some.filter(({ candidate, channel }) => !known.has(`${candidate.who} ${channel}`)),
      first,
    );
  }

  /** Of those who have none. */
  async begin(tx: Tx, message: Written, fresh: readonly Decided[], first: boolean): Promise<void> {
    const shared = this.#opened(message);
    const docs = await this.deliveries.insertMany(
      tx,
      fresh.map((one) => this.#doc(tx, message, one, { shared, first })),
    );
    for (const doc of docs) if (doc.state === 'skipped') this.#tell(tx, doc);
  }

  /** Changes and tells; what would go backward stays as it is. Returns what was changed. */
  async change(tx: Tx, changes: readonly (readonly [DeliveryDoc, Change])[]): Promise<DeliveryDoc[]> {
    const allowed = changes.filter(([doc, { state }]) => state === undefined || mayBecome(doc.state, state));
    const saved = await this.deliveries.amendMany(
      tx,
      allowed.map(([doc, change]) => {
        const keepsSecrets = doc.secrets === null || needsSecrets(change.state ?? doc.state);
        const reason = typeof change.reason === 'string' ? { reason: withoutAddresses(change.reason) } : {};
        return [doc, { ...change, ...reason, ...(!keepsSecrets && { secrets: null }) }];
      }),
    );
    const changed = saved.filter(({ state }, at) => state !== allowed[at]?.[0].state);
    for (const doc of changed) this.#tell(tx, doc);
    this.#alert(
      tx,
      changed.filter(({ state }) => state === 'unknown'),
    );
    return saved;
  }

  /** Those whose effects were withdrawn; others are in the middle of being sent. Returns how many. */
  async cancel(tx: Tx, found: readonly DeliveryDoc[], reason: string | null): Promise<number> {
    const { orgId } = tx;
    const docs = await this.deliveries.find({ orgId, _id: { $in: found.map(({ _id }) => _id) }, state: 'queued' }, { tx });
    const rows = await this.effects.look(
      docs.flatMap(({ effectId }) => effectId ?? []),
      tx,
    );
    const withdrawn = docs.filter(({ effectId }) => effectId === null || rows.get(effectId)?.state === 'failed');
    await this.change(
      tx,
      withdrawn.map((doc) => [doc, { state: 'cancelled', reason }]),
    );
    return withdrawn.length;
  }

  /** Whom they are for left. Those that have not begun to go out never will; others not once more. */
  async leave(tx: Tx, docs: readonly DeliveryDoc[]): Promise<DeliveryDoc[]> {
    const changes: [DeliveryDoc, Change][] = [];
    for (const doc of docs) {
      const hasNotBegun = doc.effectId === null || (await this.effects.withdraw(tx, doc.effectId, leftReason));
      changes.push([doc, hasNotBegun ? { state: 'skipped', skipReason: 'archived', reason: leftReason } : { archived: true }]);
    }
    return this.change(tx, changes);
  }

  /** It is known what became of it: nothing more is attempted. False: somebody is at it this very moment. */
  async close(tx: Tx, { effectId }: DeliveryDoc, verdict: 'done' | 'failed', reason: string): Promise<boolean> {
    if (effectId === null) return true;
    return (await this.effects.resolve(tx, effectId, verdict, reason)) || (await this.effects.withdraw(tx, effectId, reason));
  }

  /** Once more, by a person’s decision. */
  again(tx: Tx, doc: DeliveryDoc): Promise<DeliveryDoc[]> {
    const effectId = this.#intend(tx, doc._id, { ...doc, first: true });
    return this.change(tx, [[doc, { state: 'queued', reason: null, nextStep: null, effectId }]]);
  }

  /**
   * Once a message, whatever the number: they come in a heap when a connection breaks. Welcome mails are a message each; of such, once a
   * property and hour. Of alerts themselves there is none, or they would go on for ever.
   */
  #alert(tx: Tx, unknown: readonly DeliveryDoc[]): void {
    const hour = tx.now.toISOString().slice(0, 13);
    const about = unknown.filter(({ template }) => template?.startsWith('alert-') !== true);
    const told = new Map<string, Unknown>();
    for (const { template, messageId, propertyId } of about)
      if (template === null) told.set(messageId, { messageId, propertyId });
      else told.set(`${propertyId ?? 'organization'} ${hour}`, { messageId: null, propertyId, hour });
    for (const [key, payload] of told) tx.effect(tellOfUnknown, payload, { key });
  }

  #tell(tx: Tx, doc: DeliveryDoc): void {
    const { _id, version, propertyId } = doc;
    tx.publish(deliveryChanged, { delivery: factsOf(doc) }, { _id, version, ...(propertyId !== null && { propertyId }) });
  }

  #intend(
    tx: Tx,
    deliveryId: DeliveryId,
    { channel, messageId, first }: Pick<DeliveryDoc, 'channel' | 'messageId'> & { readonly first: boolean },
  ): string {
    return tx.effect(effectOf(channel, first), { deliveryId }, { group: messageId });
  }

  #doc(
    tx: Tx,
    message: Written,
    { candidate, channel, verdict, language, fields }: Decided,
    { shared, first }: { readonly shared: object; readonly first: boolean },
  ): New<DeliveryDoc> {
    const _id: DeliveryId = this.ids.next('dlv');
    const { who, personId, residentId, staffId, name } = candidate;
    const { _id: messageId, category, template, key, service } = message;
    const secrets = verdict.will ? this.#sealed(tx, { ...shared, ...this.#own(message, candidate.secrets) }) : null;
    return {
      ...{ _id, orgId: tx.orgId, messageId, category, template, key, service },
      ...{ who, personId, residentId, staffId, name, channel, language, fields, secrets },
      propertyId: message.propertyId ?? candidate.propertyId,
      address: verdict.address,
      token: randomBytes(15).toString('hex'),
      whileActive: candidate.state === 'active',
      effectId: verdict.will ? this.#intend(tx, _id, { channel, messageId, first }) : null,
      state: verdict.will ? 'queued' : 'skipped',
      skipReason: verdict.will ? null : verdict.reason,
      reason: verdict.will ? null : withoutAddresses(verdict.message),
      nextStep: verdict.will ? null : (nextSteps[verdict.reason] ?? null),
      providerReference: null,
      attempts: 0,
      sentAt: null,
      deliveredAt: null,
    };
  }

  #opened({ orgId, secrets }: Written): object {
    return secrets === null ? {} : parsed(this.box.open(secrets, { orgId, collection: 'messages', field: 'secrets' }));
  }

  #own({ orgId }: Written, secrets: string | null): object {
    return secrets === null ? {} : parsed(this.box.open(secrets, { orgId, collection: 'messages', field: 'recipients.secrets' }));
  }

  #sealed({ orgId }: Tx, secrets: object): string | null {
    return Object.keys(secrets).length === 0 ? null : this.box.seal(JSON.stringify(secrets), sealedAt(orgId));
  }
}

function parsed(text: string): object {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : {};
}
