import type { DeliveryId, FieldData, MessageId, OrgId, Sender, SkipReason } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { SecretBox } from '@leasewire/persistence';
import { CLOCK, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AttachmentService, type File } from '../attachment/attachment.service.js';
import { Consents } from '../audience/consents.js';
import { unwantedBecause } from '../audience/verdict.rules.js';
import type { Outgoing, Try } from '../channel/channel.js';
import { categories, type Standing } from '../compose/category.rules.js';
import { writtenOf } from '../message/draft.service.js';
import { MessageRepository, type MessageDoc } from '../message/message.repository.js';
import { SenderService } from '../sender/sender.service.js';
import { SuppressionRepository, type SuppressionDoc } from '../suppression/suppression.repository.js';
import { holdsFor, suppressedBecause } from '../suppression/suppression.rules.js';
import { Texts, type Rendered, type Writing } from '../text/texts.js';
import { DeliveryRepository, type DeliveryDoc } from './delivery.repository.js';
import { isOpen } from './delivery.rules.js';
import { leftReason, sealedAt } from './delivery-words.js';

/** What came of it, also where no channel was asked. */
export type Outcome =
  | Try
  | { readonly state: 'cancelled'; readonly reason: string }
  | { readonly state: 'skipped'; readonly skipReason: SkipReason; readonly reason: string };
export interface Prepared {
  readonly doc: DeliveryDoc;
  readonly outgoing: Outgoing | Outcome;
}
/** What the mails of a message are made of. */
interface Made {
  readonly writing: Writing;
  readonly files: readonly File[];
  readonly sender: Sender;
}
/** By property, template and version. */
type Batch = Map<string, Promise<Made | null>>;
/** What became of a recipient since the message began. */
interface Meanwhile {
  readonly suppression: SuppressionDoc | undefined;
  readonly standing: Standing | undefined;
}
/** What a message is made of changes only before it starts; half a minute covers a blast and forgets soon. */
const keptMs = 30_000;
const pausedMs = 5_000;

/** Makes what goes out of deliveries: everything of a batch is read at once, then nothing is waited for. */
@Injectable()
export class OutgoingService {
  readonly #texts = new Map<MessageId, { readonly until: number; readonly ready: Promise<Made | null> }>();

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly messages: MessageRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly texts: Texts,
    private readonly senders: SenderService,
    private readonly attachments: AttachmentService,
    private readonly consents: Consents,
    private readonly box: SecretBox,
    private readonly log: Logger,
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
      const [messages, suppressed, standings] = await Promise.all([
        this.#messages(orgId, docs),
        this.#suppressed(orgId, docs),
        this.#standings(orgId, docs),
      ]);
      for (const doc of docs) {
        const message = messages.get(doc.messageId);
        if (!message) continue;
        const suppression = suppressed.get(`${doc.channel} ${doc.address ?? ''}`);
        const meanwhile = { suppression, standing: standings.get(doc._id) };
        made.set(doc._id, { doc, outgoing: this.#held(doc, message, meanwhile) ?? (await this.#one(doc, message, read)) });
      }
    }
    return made;
  }

  async #messages(orgId: OrgId, docs: readonly DeliveryDoc[]): Promise<Map<MessageId, MessageDoc>> {
    const ids = [...new Set(docs.map(({ messageId }) => messageId))];
    const found = await this.messages.find({ orgId, _id: { $in: ids } });
    return new Map(found.map((message) => [message._id, message]));
  }

  async #suppressed(orgId: OrgId, docs: readonly DeliveryDoc[]): Promise<Map<string, SuppressionDoc>> {
    const found = new Map<string, SuppressionDoc>();
    for (const channel of new Set(docs.map((doc) => doc.channel))) {
      const addresses = docs.flatMap((doc) => (doc.channel === channel && doc.address !== null ? [doc.address] : []));
      for (const [address, one] of await this.suppressions.among(orgId, channel, addresses))
        found.set(`${channel} ${address}`, one);
    }
    return found;
  }

  /** Asked together for all of a batch that need ask. */
  async #standings(orgId: OrgId, docs: readonly DeliveryDoc[]): Promise<Map<DeliveryId, Standing>> {
    const alike = new Map<string, [DeliveryDoc, ...DeliveryDoc[]]>();
    for (const doc of docs) {
      if (doc.address === null || categories[doc.category].reach[doc.channel] === 'always') continue;
      const key = `${doc.category} ${doc.channel}`;
      const others = alike.get(key);
      if (others) others.push(doc);
      else alike.set(key, [doc]);
    }
    const found = new Map<DeliveryId, Standing>();
    for (const some of alike.values()) {
      const [{ category, channel }] = some;
      const people = some.map(({ personId, address }) => ({ personId, address: address ?? '' }));
      const standings = await this.consents.standings({ orgId, category, channel }, people);
      some.forEach(({ _id }, at) => found.set(_id, standings[at] ?? { consent: null }));
    }
    return found;
  }

  /** It may have waited for days: why it does not go out now, or never will. Null: nothing keeps it. */
  #held(doc: DeliveryDoc, message: MessageDoc, { suppression, standing }: Meanwhile): Outcome | null {
    const { category, channel } = doc;
    if (message.state === 'cancelled') return { state: 'cancelled', reason: message.reason ?? 'The message was cancelled.' };
    if (message.state === 'paused')
      return { state: 'later', at: new Date(this.clock.now().getTime() + pausedMs), reason: 'The message is paused.' };
    if (doc.address === null || !isOpen(doc.state)) return { state: 'failed', reason: `The delivery is ${doc.state} already.` };
    if (suppression && holdsFor(suppression, category, channel))
      return { state: 'skipped', skipReason: 'suppressed', reason: suppressedBecause(suppression) };
    if (doc.archived === true) return { state: 'skipped', skipReason: 'archived', reason: leftReason };
    // whoever tries a message on themselves wants to see it
    const unwanted = standing && message.kind !== 'test' ? unwantedBecause(category, channel, standing) : null;
    return unwanted && { state: 'skipped', skipReason: unwanted.reason, reason: unwanted.message };
  }

  /** What it is made of is read first: where that fails all wait. What is wrong with one of them holds up no other. */
  async #one(doc: DeliveryDoc, message: MessageDoc, batch: Batch): Promise<Outgoing | Outcome> {
    const made = await this.#ready(message, batch);
    if (made === null) return { state: 'failed', reason: `There is no template “${message.template ?? ''}” any more.` };
    try {
      return this.#made(doc, message, made);
    } catch (error) {
      this.log.error({ err: error, delivery: doc._id }, 'a delivery cannot be put together; it alone has failed');
      const reason = 'It could not be put together. Whoever runs the deployment finds the cause in the log.';
      return { state: 'failed', reason };
    }
  }

  #made(doc: DeliveryDoc, message: MessageDoc, { writing, files, sender }: Made): Outgoing {
    const { _id: deliveryId, orgId, messageId, propertyId, personId, category, channel, name, token } = doc;
    const address = doc.address ?? '';
    const unsubscribe = this.consents.unsubscribe({ orgId, category, channel, personId, address });
    const filling = {
      locale: doc.language,
      timeZone: message.timeZone,
      values: this.values(message, doc),
      secrets: 'shown' as const,
    };
    const around = { unsubscribe: unsubscribe?.page ?? null, replyTo: sender.replyTo };
    const rendered = writing.render(doc.language, filling, around);
    return {
      ...{ deliveryId, messageId, orgId, propertyId, personId, category, address, name, token, unsubscribe, sender, rendered },
      files: channel === 'email' ? files : [],
      tries: 0,
    };
  }

  values({ data }: MessageDoc, doc: DeliveryDoc): FieldData {
    return { ...data, ...doc.fields, ...this.#secrets(doc) };
  }

  /** As they get it, but secrets are masked, and the link by which they speak for themselves. Null: its template is not there any more. */
  async shown(message: MessageDoc, doc: DeliveryDoc): Promise<Rendered | null> {
    const made = await this.#ready(message, new Map());
    if (made === null) return null;
    const masked = Object.fromEntries(message.secretFields.map((name) => [name, 'x']));
    const values = { ...message.data, ...doc.fields, ...masked };
    const filling = { locale: doc.language, timeZone: message.timeZone, values, secrets: 'masked' as const };
    const { orgId, category, channel, personId, address } = doc;
    const link = address === null ? null : this.consents.unsubscribe({ orgId, category, channel, personId, address });
    const unsubscribe = link && link.page.slice(0, link.page.lastIndexOf('/') + 1) + '••••••••';
    return made.writing.render(doc.language, filling, { unsubscribe, replyTo: made.sender.replyTo });
  }

  #secrets({ orgId, secrets }: DeliveryDoc): FieldData {
    if (secrets === null) return {};
    const opened: unknown = JSON.parse(this.box.open(secrets, sealedAt(orgId)));
    return typeof opened === 'object' && opened !== null ? Object.fromEntries(Object.entries(opened)) : {};
  }

  #ready(message: MessageDoc, batch: Batch): Promise<Made | null> {
    const { propertyId, template, templateVersion, attachmentIds } = message;
    if (template === null || attachmentIds.length > 0) return this.#kept(message);
    // many mails of one text are many messages: a batch reads it once, and the next one reads it anew
    const key = `${propertyId ?? ''} ${template} ${templateVersion ?? ''}`;
    const made = batch.get(key) ?? this.#read(message);
    batch.set(key, made);
    return made;
  }

  #kept(message: MessageDoc): Promise<Made | null> {
    const now = this.clock.now().getTime();
    const known = this.#texts.get(message._id);
    if (known && known.until > now) return known.ready;
    for (const [id, { until }] of this.#texts) if (until <= now) this.#texts.delete(id);
    const ready = this.#read(message);
    this.#texts.set(message._id, { until: now + keptMs, ready });
    ready.catch(() => this.#texts.delete(message._id));
    return ready;
  }

  async #read(message: MessageDoc): Promise<Made | null> {
    const { orgId, propertyId, category, template, attachmentIds, templateVersion: version } = message;
    const writing =
      template === null
        ? (await this.texts.composed({ orgId, propertyId, category, version, texts: writtenOf(message) })).writing
        : await this.texts.template({ orgId, propertyId, version, name: template });
    if (!writing) return null;
    const [files, sender] = await Promise.all([this.attachments.files(orgId, attachmentIds), this.senders.of(orgId, propertyId)]);
    return { writing, files, sender };
  }
}
