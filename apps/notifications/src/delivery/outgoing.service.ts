import type { DeliveryId, FieldData, MessageId, OrgId, Sender } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { SecretBox } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AttachmentService, type Files } from '../attachment/attachment.service.js';
import { Consents } from '../audience/consents.js';
import type { Outgoing, Try } from '../channel/channel.js';
import { writtenOf } from '../message/draft.service.js';
import { MessageRepository, type MessageDoc } from '../message/message.repository.js';
import { SenderService } from '../sender/sender.service.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';
import { suppressedBecause } from '../suppression/suppression.rules.js';
import { Texts, type Writing } from '../text/texts.js';
import { DeliveryRepository, type DeliveryDoc } from './delivery.repository.js';
import { sealedAt } from './delivery-words.js';

/** Why it is not sent now, or ever. */
export type Held = Extract<Try, { readonly state: 'later' }> | { readonly state: 'failed'; readonly reason: string };
export interface Prepared {
  readonly doc: DeliveryDoc;
  readonly outgoing: Outgoing | Held;
}
/** What the mails of a message are made of. */
interface Made {
  readonly writing: Writing;
  readonly files: Files;
  readonly sender: Sender;
}
/** By property, template and version. */
type Batch = Map<string, Promise<Made>>;
/** What a message is made of changes only before it starts; half a minute covers a blast and forgets soon. */
const keptMs = 30_000;
const pausedMs = 5_000;

/** Makes what goes out of deliveries: everything of a batch is read at once, then nothing is waited for. */
@Injectable()
export class OutgoingService {
  readonly #texts = new Map<MessageId, { readonly until: number; readonly ready: Promise<Made> }>();

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly messages: MessageRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly texts: Texts,
    private readonly senders: SenderService,
    private readonly attachments: AttachmentService,
    private readonly consents: Consents,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async prepare(
    wanted: readonly { readonly orgId: OrgId; readonly deliveryId: DeliveryId }[],
  ): Promise<Map<DeliveryId, Prepared>> {
    const byOrg = new Map<OrgId, DeliveryId[]>();
    for (const { orgId, deliveryId } of wanted) byOrg.set(orgId, [...(byOrg.get(orgId) ?? []), deliveryId]);
    const made = new Map<DeliveryId, Prepared>();
    for (const [orgId, ids] of byOrg) {
      const read: Batch = new Map();
      const docs = await this.deliveries.find({ orgId, _id: { $in: ids } });
      const [messages, suppressed] = await Promise.all([this.#messages(orgId, docs), this.#suppressed(orgId, docs)]);
      for (const doc of docs) {
        const message = messages.get(doc.messageId);
        if (!message) continue;
        const outgoing = await this.#one(doc, message, suppressed.get(`${doc.channel} ${doc.address ?? ''}`), read);
        made.set(doc._id, { doc, outgoing });
      }
    }
    return made;
  }

  async #messages(orgId: OrgId, docs: readonly DeliveryDoc[]): Promise<Map<MessageId, MessageDoc>> {
    const ids = [...new Set(docs.map(({ messageId }) => messageId))];
    const found = await this.messages.find({ orgId, _id: { $in: ids } });
    return new Map(found.map((message) => [message._id, message]));
  }

  /** What became of an address since the message began. */
  async #suppressed(orgId: OrgId, docs: readonly DeliveryDoc[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const channel of new Set(docs.map((doc) => doc.channel))) {
      const addresses = docs.flatMap((doc) => (doc.channel === channel && doc.address !== null ? [doc.address] : []));
      for (const [address, one] of await this.suppressions.among(orgId, channel, addresses))
        found.set(`${channel} ${address}`, suppressedBecause(one));
    }
    return found;
  }

  async #one(doc: DeliveryDoc, message: MessageDoc, suppressed: string | undefined, batch: Batch): Promise<Outgoing | Held> {
    if (message.state === 'cancelled') return { state: 'failed', reason: message.reason ?? 'The message was cancelled.' };
    if (message.state === 'paused')
      return { state: 'later', at: new Date(this.clock.now().getTime() + pausedMs), reason: 'The message is paused.' };
    if (suppressed !== undefined) return { state: 'failed', reason: suppressed };
    if (doc.address === null || (doc.state !== 'queued' && doc.state !== 'unknown'))
      return { state: 'failed', reason: `The delivery is ${doc.state} already.` };
    const { writing, files, sender } = await this.#ready(message, batch);
    const { _id: deliveryId, orgId, messageId, propertyId, personId, category, channel, address, name, token } = doc;
    const unsubscribe = this.consents.unsubscribe({ orgId, category, channel, personId, address });
    const filling = {
      locale: doc.language,
      timeZone: message.timeZone,
      values: this.values(message, doc),
      secrets: 'shown' as const,
    };
    const around = { unsubscribe: unsubscribe?.page ?? null, replyTo: sender.replyTo, links: files.links };
    const rendered = writing.render(doc.language, filling, around);
    return {
      ...{ deliveryId, messageId, orgId, propertyId, personId, category, address, name, token, unsubscribe, sender, rendered },
      files: channel === 'email' ? files.attached : [],
      tries: 0,
    };
  }

  values({ data }: MessageDoc, doc: DeliveryDoc): FieldData {
    return { ...data, ...doc.fields, ...this.#secrets(doc) };
  }

  writing(message: MessageDoc): Promise<Writing> {
    return this.#ready(message, new Map()).then(({ writing }) => writing);
  }

  #secrets({ orgId, secrets }: DeliveryDoc): FieldData {
    if (secrets === null) return {};
    const opened: unknown = JSON.parse(this.box.open(secrets, sealedAt(orgId)));
    return typeof opened === 'object' && opened !== null ? Object.fromEntries(Object.entries(opened)) : {};
  }

  #ready(message: MessageDoc, batch: Batch): Promise<Made> {
    const { propertyId, template, templateVersion, attachmentIds } = message;
    if (template === null || attachmentIds.length > 0) return this.#kept(message);
    // many mails of one text are many messages: a batch reads it once, and the next one reads it anew
    const key = `${propertyId ?? ''} ${template} ${templateVersion ?? ''}`;
    const made = batch.get(key) ?? this.#read(message);
    batch.set(key, made);
    return made;
  }

  #kept(message: MessageDoc): Promise<Made> {
    const now = this.clock.now().getTime();
    const known = this.#texts.get(message._id);
    if (known && known.until > now) return known.ready;
    for (const [id, { until }] of this.#texts) if (until <= now) this.#texts.delete(id);
    const ready = this.#read(message);
    this.#texts.set(message._id, { until: now + keptMs, ready });
    ready.catch(() => this.#texts.delete(message._id));
    return ready;
  }

  async #read(message: MessageDoc): Promise<Made> {
    const { orgId, propertyId, category, template, attachmentIds, templateVersion: version } = message;
    const writing =
      template === null
        ? (await this.texts.composed({ orgId, propertyId, category, version, texts: writtenOf(message) })).writing
        : await this.texts.template({ orgId, propertyId, version, name: template });
    if (!writing) throw new Error(`There is no template “${template ?? ''}” any more`);
    const [files, sender] = await Promise.all([this.attachments.files(orgId, attachmentIds), this.senders.of(orgId, propertyId)]);
    return { writing, files, sender };
  }
}
