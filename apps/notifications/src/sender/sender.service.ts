import {
  DomainError,
  type OrgId,
  type ParsedInputOf,
  type PropertyId,
  type Reach,
  type Sender,
  type setSender,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { senderName } from '../compose/header.rules.js';
import type { NotificationsConfig } from '../config.js';
import { mayWriteFrom, type MailDomain } from '../email/mail.js';
import { KnownOrganizationRepository } from '../known/known-organization.repository.js';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { MessageRepository } from '../message/message.repository.js';
import { SenderRepository, type SenderDoc } from './sender.repository.js';

const dayMs = 86_400_000;
const warnAtShare = 0.8;

export interface Load {
  readonly reach: Reach | null;
  /** Of all texts. */
  readonly smsTotal?: number | undefined;
  /** Of one text: of messages that were confirmed before every text was counted. */
  readonly smsSegments?: number;
}

/** Under whose name mail goes out, and how much a day. */
@Injectable()
export class SenderService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly senders: SenderRepository,
    private readonly messages: MessageRepository,
    private readonly properties: KnownPropertyRepository,
    private readonly organizations: KnownOrganizationRepository,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
  ) {}

  /** The property’s, else the organization’s, else their names. */
  async of(orgId: OrgId, propertyId: PropertyId | null): Promise<Sender> {
    const ids = [orgId, ...(propertyId === null ? [] : [propertyId])];
    const found = await this.senders.find({ orgId, _id: { $in: ids } });
    const own = found.find(({ _id }) => _id === propertyId) ?? found.find(({ _id }) => _id === orgId);
    if (own) return { ...shown(own), propertyId };
    const property = propertyId === null ? null : await this.properties.findOne({ orgId, _id: propertyId });
    const organization = property ? null : await this.organizations.findOne({ orgId, _id: orgId });
    const name = senderName(property?.name ?? organization?.name ?? 'Leasewire');
    return { propertyId, name, fromDomain: null, replyTo: null, dailyLimit: null, phone: null, quietHours: null, version: 0 };
  }

  async get(propertyId: PropertyId | null, call: Call): Promise<Sender> {
    await this.#seen(propertyId, call);
    return this.of(call.orgId, propertyId);
  }

  async set(input: ParsedInputOf<typeof setSender>, call: Call): Promise<Sender> {
    const { propertyId, fromDomain, replyTo, dailyLimit, phone, quietHours, version } = input;
    await this.#seen(propertyId, call);
    const isReady = (one: MailDomain): boolean => one.domain === fromDomain && mayWriteFrom(one, call.orgId);
    if (fromDomain !== null && !this.config.LEASEWIRE_MAIL_DOMAINS.some(isReady))
      throw new DomainError(
        'sender.domain-not-ready',
        `Mail from ${fromDomain} would not be signed for you. Ask whoever runs the deployment to add it to LEASEWIRE_MAIL_DOMAINS first.`,
      );
    return this.work.run(call, async (tx) => {
      const { orgId } = tx;
      const _id = propertyId ?? orgId;
      const before = await this.senders.findOne({ orgId, _id }, { tx });
      if (version !== undefined && version !== (before?.version ?? 0))
        throw new DomainError('conflict.version', 'It was changed meanwhile; read it again and repeat.');
      const fields = { propertyId, name: senderName(input.name), fromDomain, replyTo, dailyLimit, phone, quietHours };
      const saved = before
        ? await this.senders.save(tx, { ...before, ...fields })
        : await this.senders.insert(tx, { _id, orgId, ...fields });
      return shown(saved);
    });
  }

  /** Whether so many more fit into the day they go out on. */
  async room(
    orgId: OrgId,
    propertyId: PropertyId | null,
    { startsAt }: { readonly startsAt: Date },
    load: Load,
  ): Promise<{ problem: string | null; warning: string | null }> {
    const most = (await this.of(orgId, propertyId)).dailyLimit ?? this.config.LEASEWIRE_MAIL_DAILY_LIMIT;
    const others = await this.messages.find(
      {
        orgId,
        propertyId,
        state: { $ne: 'cancelled' },
        startsAt: { $gt: new Date(startsAt.getTime() - dayMs), $lt: new Date(startsAt.getTime() + dayMs) },
      },
      { fields: ['reach', 'smsSegments', 'smsTotal'] },
    );
    const planned = others.reduce((sum, one) => sum + loadOf(one), 0);
    const total = planned + loadOf(load);
    if (total > most)
      return {
        problem: `With this, ${total} messages would go out within a day; ${most} may. Choose another day, or fewer people.`,
        warning: null,
      };
    const warning = total > most * warnAtShare ? `With this, ${total} of the ${most} messages of a day are used.` : null;
    return { problem: null, warning };
  }

  async #seen(propertyId: PropertyId | null, { orgId, actor }: Call): Promise<void> {
    if (propertyId === null ? actor.properties === 'all' : await this.#isThere(orgId, propertyId, actor)) return;
    throw new DomainError('not-found', 'There is no such property here, or you may not see it.');
  }

  async #isThere(orgId: OrgId, _id: PropertyId, { properties }: Call['actor']): Promise<boolean> {
    if (properties !== 'all' && !properties.includes(_id)) return false;
    return (await this.properties.findOne({ orgId, _id })) !== null;
  }
}

/** Those that were written before there were phones and quiet hours have none. */
const shown = ({ propertyId, name, fromDomain, replyTo, dailyLimit, phone, quietHours, version }: SenderDoc): Sender => ({
  ...{ propertyId, name, fromDomain, replyTo, dailyLimit, version },
  ...{ phone: phone ?? null, quietHours: quietHours ?? null },
});
/** Carriers count and cap segments, so a text of three is three. */
const loadOf = ({ reach, smsTotal, smsSegments = 1 }: Load): number =>
  (reach?.channels.email?.will ?? 0) + (smsTotal ?? (reach?.channels.sms?.will ?? 0) * smsSegments);
