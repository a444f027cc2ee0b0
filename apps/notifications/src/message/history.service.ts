import {
  DomainError,
  type copyMessage,
  type getMessage,
  type listMessages,
  type MessageId,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { AttachmentService } from '../attachment/attachment.service.js';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { MessageRepository } from './message.repository.js';
import { visibleWhere } from './message-scope.rules.js';
import { MessageService } from './message.service.js';
import { toMessage } from './message.view.js';

/** Somebody has had thousands of messages only where something is wrong. */
const mostOfOne = 5000;

/** What was sent, to look at and to send again as a new one. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly messages: MessageRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly service: MessageService,
    private readonly attachments: AttachmentService,
  ) {}

  async list(input: ParsedInputOf<typeof listMessages>, call: Call): Promise<OutputOf<typeof listMessages>> {
    const { propertyId, state, kind = 'composed', template, limit, cursor, withTotal = false } = input;
    const scope = visibleWhere(call.actor, propertyId);
    if (scope === null) return { items: [], nextCursor: null };
    const meant = await this.#meant(input, call);
    const filter = {
      orgId: call.orgId,
      kind: template === undefined ? kind : ('template' as const),
      ...scope,
      ...(template !== undefined && { template }),
      ...(state && { state: { $in: state } }),
      ...(meant && { _id: { $in: meant } }),
    };
    const page = await this.messages.page(filter, {
      sort: { _id: -1 },
      limit,
      cursor,
      withTotal,
      asked: [call.actor.ref, { ...input, cursor: null, limit: null }],
    });
    return { ...page, items: page.items.map(toMessage) };
  }

  async get(messageId: MessageId, call: Call): Promise<OutputOf<typeof getMessage>> {
    const doc = await this.service.get(call.orgId, messageId, call.actor);
    const [first, ...others] = doc.texts ?? [];
    const { docs } = await this.attachments.check(call.orgId, doc.attachmentIds, 1);
    return {
      ...toMessage(doc),
      body: first?.body ?? null,
      sms: first?.sms ?? null,
      language: doc.language,
      translations: others,
      audience: doc.audience,
      attachments: docs.map(({ _id: id, name, contentType, size }) => ({ id, name, contentType, size })),
      ifAudienceChanges: doc.ifAudienceChanges,
    };
  }

  /** Of a message that services sent its owner sends another; what it said may have been secret. */
  async copy({ messageId, to }: ParsedInputOf<typeof copyMessage>, call: Call): Promise<OutputOf<typeof copyMessage>> {
    const doc = await this.service.get(call.orgId, messageId, call.actor);
    const [first, ...others] = doc.texts ?? [];
    if (!first || !doc.audience || doc.category === 'security')
      throw new DomainError('conflict.state', 'There is no text of it to copy. Write a new message.');
    const { propertyId, category, channels, attachmentIds, ifAudienceChanges } = doc;
    return {
      ...{ propertyId, category, channels, attachmentIds, ifAudienceChanges },
      audience: to ? await this.#those(doc._id, to, call) : doc.audience,
      subject: first.subject ?? '',
      body: first.body ?? '',
      sms: first.sms ?? '',
      language: first.language,
      translations: others,
      when: { kind: 'now' },
    };
  }

  async #those(messageId: MessageId, states: NonNullable<ParsedInputOf<typeof copyMessage>['to']>, { orgId }: Call) {
    const found = await this.deliveries.find({ orgId, messageId, state: { $in: states } }, { limit: 10_000 });
    const ids = [...new Set(found.flatMap(({ residentId }) => residentId ?? []))];
    const emails = found.flatMap(({ who, address, name }) =>
      who.startsWith('mail:') && address !== null ? [{ email: address, ...(name !== address && { name }) }] : [],
    );
    if (ids.length + emails.length === 0)
      throw new DomainError('conflict.state', 'There is nobody whose delivery is in such a state.');
    return { ...(ids.length > 0 && { residents: { ids } }), ...(emails.length > 0 && { emails: emails.slice(0, 500) }) };
  }

  async #meant({ personId, residentId }: ParsedInputOf<typeof listMessages>, { orgId }: Call): Promise<MessageId[] | null> {
    if (personId === undefined && residentId === undefined) return null;
    const whom = residentId === undefined ? { personId: personId ?? null } : { residentId };
    const found = await this.deliveries.find({ orgId, ...whom }, { fields: ['messageId'], sort: { _id: -1 }, limit: mostOfOne });
    return [...new Set(found.map((one) => one.messageId))];
  }
}
