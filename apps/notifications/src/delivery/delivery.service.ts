import {
  DomainError,
  type Delivery,
  type DeliveryId,
  type getDelivery,
  type listDeliveries,
  type OutputOf,
  type ParsedInputOf,
  type PropertyId,
  type PropertyScope,
  type resolveDelivery,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Effects, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Launcher } from '../message/launcher.js';
import { MessageRepository, type MessageDoc } from '../message/message.repository.js';
import { visible } from '../message/message-scope.rules.js';
import { DeliveryEventLog } from './delivery-event-log.js';
import { DeliveryEventRepository, type DeliveryEventDoc } from './delivery-event.repository.js';
import { DeliveryRepository, toDelivery, type DeliveryDoc } from './delivery.repository.js';
import { DeliveryWriter } from './delivery-writer.js';
import { OutgoingService } from './outgoing.service.js';

type Shown = OutputOf<typeof getDelivery>;
type Resolved = ParsedInputOf<typeof resolveDelivery>['as'];

/** Who was written to and what became of it. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly deliveries: DeliveryRepository,
    private readonly messages: MessageRepository,
    private readonly happened: DeliveryEventRepository,
    private readonly log: DeliveryEventLog,
    private readonly writer: DeliveryWriter,
    private readonly effects: Effects,
    private readonly outgoing: OutgoingService,
    private readonly launcher: Launcher,
  ) {}

  async list(input: ParsedInputOf<typeof listDeliveries>, call: Call): Promise<OutputOf<typeof listDeliveries>> {
    const { messageId, personId, residentId, propertyId, state, channel, limit, cursor, withTotal = false } = input;
    const { orgId, actor } = call;
    const message = messageId === undefined ? null : await this.messages.findOne({ orgId, _id: messageId });
    if (messageId !== undefined && (!message || !visible(message, actor))) return { items: [], nextCursor: null };
    const scope = message ? {} : inScope(actor.properties, propertyId);
    if (scope === null) return { items: [], nextCursor: null };
    const filter = {
      orgId,
      ...scope,
      ...(messageId !== undefined && { messageId }),
      ...(personId !== undefined && { personId }),
      ...(residentId !== undefined && { residentId }),
      ...(channel !== undefined && { channel }),
      // what is being sent this moment is queued as far as rows say
      ...(state && { state: { $in: state.map((one) => (one === 'sending' ? ('queued' as const) : one)) } }),
    };
    const page = await this.deliveries.page(filter, { sort: { _id: -1 }, limit, cursor, withTotal });
    return { ...page, items: await this.#now(page.items) };
  }

  async get(deliveryId: DeliveryId, call: Call): Promise<Shown> {
    const { orgId } = call;
    const doc = await this.#load(deliveryId, call);
    const message = await this.messages.get({ orgId, _id: doc.messageId });
    const [shown = toDelivery(doc)] = await this.#now([doc]);
    const events = await this.happened.find({ orgId, deliveryId }, { sort: { at: 1 }, limit: 200 });
    return { ...shown, events: historyOf(doc, events), rendered: await this.#rendered(message, doc) };
  }

  /** A person says what became of it. */
  async resolve({ deliveryId, as }: ParsedInputOf<typeof resolveDelivery>, call: Call): Promise<Delivery> {
    await this.#load(deliveryId, call);
    return this.work.run(call, async (tx) => {
      const doc = await this.deliveries.get({ orgId: tx.orgId, _id: deliveryId }, { tx });
      if (doc.state !== 'unknown')
        throw new DomainError('delivery.not-unknown', `What became of it is known: it is ${doc.state}.`);
      const message = await this.messages.get({ orgId: tx.orgId, _id: doc.messageId }, { tx });
      const [saved = doc] = await this.#resolved(tx, doc, message, as);
      await this.log.add(tx, deliveryId, { what: words[as], state: saved.state, code: null, detail: null, once: null });
      return toDelivery(saved);
    });
  }

  async #resolved(tx: Tx, doc: DeliveryDoc, message: MessageDoc, as: Resolved): Promise<DeliveryDoc[]> {
    // a provider that was asked may have said meanwhile that it was not taken: then it goes out once more by itself
    const isClosed = await this.writer.close(tx, doc, as === 'sent' ? 'done' : 'failed', words[as]);
    if (!isClosed) throw new DomainError('conflict.state', 'It is being sent again this moment. Look again in a minute.');
    if (as === 'sent')
      return this.writer.change(tx, [
        [doc, { state: 'sent', sentAt: tx.now, reason: 'Staff found that it arrived.', nextStep: null }],
      ]);
    if (as === 'failed')
      return this.writer.change(tx, [[doc, { state: 'failed', reason: 'Staff found that it did not arrive.', nextStep: null }]]);
    if (message.contentGone || (message.secretFields.length > 0 && doc.secrets === null))
      throw new DomainError('delivery.content-gone', 'What it said is no longer kept. Send a new one.');
    await this.launcher.reopen(tx, message);
    return this.writer.again(tx, doc);
  }

  async #load(_id: DeliveryId, { orgId, actor }: Call): Promise<DeliveryDoc> {
    const doc = await this.deliveries.get({ orgId, _id });
    const message = await this.messages.get({ orgId, _id: doc.messageId });
    if (!visible({ propertyId: doc.propertyId, createdBy: message.createdBy }, actor))
      throw new DomainError('not-found', `There is no ${_id} here, or you may not see it.`);
    return doc;
  }

  /** Whether it is being sent this very moment, or waits for another try, is known to its effect. */
  async #now(docs: readonly DeliveryDoc[]): Promise<Delivery[]> {
    const ids = docs.flatMap(({ state, effectId }) => (state === 'queued' && effectId !== null ? [effectId] : []));
    const rows = await this.effects.look(ids);
    return docs.map((doc) => {
      const row = doc.state === 'queued' ? rows.get(doc.effectId ?? '') : undefined;
      if (row?.state === 'attempting') return { ...toDelivery(doc), state: 'sending', attempts: row.attempts };
      return { ...toDelivery(doc), ...(row && { attempts: row.attempts, reason: row.reason ?? doc.reason }) };
    });
  }

  /** As they got it, secrets masked; null where the text is no longer kept. */
  async #rendered(message: MessageDoc, doc: DeliveryDoc): Promise<Shown['rendered']> {
    if (message.contentGone || doc.state === 'skipped') return null;
    const shown = await this.outgoing.shown(message, doc);
    if (shown === null) return null;
    const { subject, html, text, sms } = shown;
    const mail = doc.channel === 'email';
    return {
      ...{ residentId: doc.residentId, name: doc.name, language: doc.language },
      subject: mail ? subject : null,
      html: mail ? html : null,
      text: mail ? text : null,
      sms: mail ? null : sms,
    };
  }
}

/** Null: nothing there may be seen. */
function inScope(
  properties: PropertyScope,
  asked: PropertyId | undefined,
): { propertyId?: PropertyId | { $in: PropertyId[] } } | null {
  if (asked !== undefined) return properties === 'all' || properties.includes(asked) ? { propertyId: asked } : null;
  return properties === 'all' ? {} : { propertyId: { $in: [...properties] } };
}

const words: Readonly<Record<Resolved, string>> = {
  sent: 'Staff marked it as sent',
  failed: 'Staff marked it as failed',
  'send-again': 'Staff had it sent again',
};

function historyOf(doc: DeliveryDoc, events: readonly DeliveryEventDoc[]): Shown['events'] {
  const all = [
    {
      at: doc.createdAt,
      what: doc.state === 'skipped' ? 'Not sent' : 'Queued',
      state: 'queued' as const,
      code: null,
      detail: doc.skipReason,
    },
    ...(doc.sentAt
      ? [{ at: doc.sentAt, what: 'Accepted by the provider', state: 'sent' as const, code: null, detail: doc.providerReference }]
      : []),
    ...events,
  ];
  return all
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, what, state, code, detail }) => ({ at: at.toISOString(), what, state, code, detail }));
}
