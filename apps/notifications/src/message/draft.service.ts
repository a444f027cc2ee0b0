import {
  DomainError,
  localDateIn,
  type FieldData,
  type MessageDraft,
  type OrgId,
  type PropertyId,
  type PropertyScope,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { CLOCK, CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AttachmentService } from '../attachment/attachment.service.js';
import { AudienceService, type Asked } from '../audience/audience.service.js';
import { audienceDigest, hashOf, reachOf, type Decided } from '../audience/verdict.rules.js';
import type { Filling } from '../compose/fill.rules.js';
import { headerText } from '../compose/header.rules.js';
import type { NotificationsConfig } from '../config.js';
import { KnownOrganizationRepository } from '../known/known-organization.repository.js';
import { KnownPropertyRepository, type KnownPropertyDoc } from '../known/known-property.repository.js';
import { momentAndZoneIn } from '../schedule/when.rules.js';
import { startOfNow, timingOf } from '../schedule/schedule.rules.js';
import { SenderService } from '../sender/sender.service.js';
import { Texts, type Writing, type Written } from '../text/texts.js';
import type { MessageDoc } from './message.repository.js';
import { longestSms, smsLoad, type SmsLoad } from './sms-load.rules.js';

export type Draft = z.output<typeof MessageDraft>;

export interface When {
  readonly startsAt: Date;
  readonly local: string | null;
  readonly timeZone: string;
  readonly warning: string | null;
  readonly problem: string | null;
  readonly words: string;
}
/** Everything that follows from a draft now: the preview shows it, the send goes by it. */
export interface Prepared {
  readonly asked: Asked;
  readonly decided: readonly Decided[];
  readonly when: When;
  readonly problems: readonly string[];
  /** The one of them that is about the day it is sent on; null: the day has room. */
  readonly overLimit: string | null;
  readonly warnings: readonly string[];
  readonly token: string;
  readonly audience: string;
  readonly sms: SmsLoad;
}

@Injectable()
export class DraftService {
  constructor(
    private readonly audiences: AudienceService,
    private readonly properties: KnownPropertyRepository,
    private readonly organizations: KnownOrganizationRepository,
    private readonly texts: Texts,
    private readonly senders: SenderService,
    private readonly attachments: AttachmentService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
  ) {}

  async prepare(draft: Draft, call: Call): Promise<Prepared> {
    const { orgId, actor, correlationId } = call;
    const property = await this.#property(orgId, draft.propertyId, actor.properties);
    const when = this.when(draft, property);
    const { writing, problems } = await this.writing(orgId, draft);
    const shared = await this.shared(orgId, when, actor.name ?? null);
    const asked = this.asked({ orgId, propertyId: draft.propertyId, draft, writing, shared, correlationId });
    const decided = await this.audiences.ofDraft(asked, draft.audience, actor.properties);
    const reach = reachOf(decided);
    const files = await this.attachments.check(orgId, draft.attachmentIds, reach.reached);
    const sms = smsLoad(decided, ({ language: locale, fields }) => {
      const filling: Filling = { locale, timeZone: when.timeZone, values: { ...shared, ...fields }, secrets: 'masked' };
      return writing.sms(locale, filling);
    });
    const limit = await this.senders.room(orgId, draft.propertyId, when, { reach, smsTotal: sms.total });
    const audience = audienceDigest(decided);
    return {
      ...{ asked, decided, when, audience, sms },
      overLimit: limit.problem,
      problems: [
        ...missingParts(draft),
        ...problems,
        ...files.problems,
        ...(when.problem === null ? [] : [when.problem]),
        ...(reach.reached === 0 ? ['Nobody would receive it; see why below.'] : []),
        ...(limit.problem === null ? [] : [limit.problem]),
        ...tooLongTexts(sms),
      ],
      warnings: [...(when.warning === null ? [] : [when.warning]), ...(limit.warning === null ? [] : [limit.warning])],
      token: `${draftDigest(draft)}.${audience}`,
    };
  }

  /** The same audience again, when its time has come: who may be seen is who might be seen then. */
  async again(doc: MessageDoc, correlationId: string): Promise<Prepared['decided']> {
    const { orgId, propertyId, audience, scope } = doc;
    if (audience === null || doc.texts === null) throw new Error(`${doc._id} has neither audience nor text any more`);
    const { writing } = await this.texts.composed({
      ...{ orgId, propertyId, category: doc.category },
      version: doc.templateVersion,
      texts: writtenOf(doc),
    });
    const draft = { channels: doc.channels, category: doc.category, language: doc.language ?? 'en' };
    const asked = this.asked({ orgId, propertyId, draft, writing, shared: doc.data, correlationId });
    return this.audiences.ofDraft(asked, audience, scope);
  }

  writing(orgId: OrgId, draft: Draft): Promise<{ readonly writing: Writing; readonly problems: readonly string[] }> {
    return this.texts.composed({ orgId, propertyId: draft.propertyId, category: draft.category, texts: textsOf(draft) });
  }

  when(draft: Pick<Draft, 'when' | 'propertyId'>, property: KnownPropertyDoc | null): When {
    const now = this.clock.now();
    const said = draft.when;
    const timeZone = (said.kind === 'at' ? said.timeZone : undefined) ?? property?.timeZone ?? 'UTC';
    if (said.kind === 'now') {
      const startsAt = startOfNow(now, this.config.LEASEWIRE_UNDO_MS);
      const words = momentAndZoneIn(startsAt, timeZone, 'en');
      return { startsAt, local: null, timeZone, warning: null, problem: null, words };
    }
    const timing = timingOf({ local: said.local, timeZone }, now);
    return {
      startsAt: timing.at,
      local: said.local,
      timeZone,
      words: momentAndZoneIn(timing.at, timeZone, 'en'),
      warning: timing.kind === 'at' ? timing.warning : null,
      problem: timing.kind === 'at' ? null : timing.message,
    };
  }

  async shared(orgId: OrgId, when: Pick<When, 'startsAt' | 'timeZone'>, senderName: string | null): Promise<FieldData> {
    const organization = await this.organizations.findOne({ orgId, _id: orgId });
    return {
      ...(organization && { 'organization.name': organization.name }),
      ...(senderName !== null && { 'sender.name': senderName }),
      'message.day': localDateIn(when.timeZone, when.startsAt),
    };
  }

  private asked(of: {
    readonly orgId: OrgId;
    readonly propertyId: PropertyId | null;
    readonly draft: Pick<Asked, 'channels' | 'category' | 'language'>;
    readonly writing: Writing;
    readonly shared: FieldData;
    readonly correlationId: string;
  }): Asked {
    const { draft, ...rest } = of;
    return { ...rest, category: draft.category, channels: draft.channels, language: draft.language, secretFields: [] };
  }

  async #property(orgId: OrgId, propertyId: PropertyId | null, scope: PropertyScope): Promise<KnownPropertyDoc | null> {
    if (propertyId === null) return null;
    if (scope !== 'all' && !scope.includes(propertyId)) throw unseen(propertyId);
    const property = await this.properties.findOne({ orgId, _id: propertyId });
    if (!property?.active) throw unseen(propertyId);
    return property;
  }
}

const unseen = (propertyId: PropertyId): DomainError =>
  new DomainError('not-found', `There is no property ${propertyId} here, or you may not see it.`);

/** What a confirmation is about, beside the audience. The time of “now” is not part of it. */
const draftDigest = (draft: Draft): string => hashOf(JSON.stringify(draft));

export const textsOf = (draft: Draft): Written[] => [
  { language: draft.language, subject: draft.subject, body: draft.body, sms: draft.sms },
  ...draft.translations.map(({ language, subject = draft.subject, body = draft.body, sms = draft.sms }) => ({
    ...{ language, subject, body, sms },
  })),
];

export const writtenOf = ({ texts }: Pick<MessageDoc, 'texts'>): Written[] =>
  (texts ?? []).map(({ language, subject = '', body = '', sms = '' }) => ({ language, subject, body, sms }));

function tooLongTexts({ tooLong: [first, ...others] }: SmsLoad): string[] {
  if (first === undefined) return [];
  const whom = others.length === 0 ? first : `${first} and ${others.length} others`;
  return [`The text message for ${whom} is longer than ${longestSms} characters, and no carrier takes more. Shorten it.`];
}

function missingParts({ channels, subject, body, sms, audience }: Draft): string[] {
  const isEmpty = (html: string): boolean => html.replaceAll(/<[^>]*>|&nbsp;|\s/gu, '') === '';
  const meant = audience.residents ?? audience.unitIds ?? audience.propertyIds ?? audience.emails?.[0];
  return [
    ...(meant === undefined ? ['Choose who receives it.'] : []),
    ...(channels.includes('email') && headerText(subject) === '' ? ['Write a subject.'] : []),
    ...(channels.includes('email') && isEmpty(body) ? ['Write a body.'] : []),
    ...(channels.includes('sms') && sms.trim() === '' ? ['Write what is texted.'] : []),
  ];
}
