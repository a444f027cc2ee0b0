import {
  DomainError,
  type OrgId,
  type ParsedInputOf,
  type previewTemplate,
  type RenderedMessage,
  type ResidentId,
  type TemplateLanguage,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { ofMember } from '../audience/candidate.rules.js';
import { AudienceService } from '../audience/audience.service.js';
import { isFieldName, samples, type FieldValues } from '../compose/field-registry.js';
import { sizeOfMail } from '../compose/size.rules.js';
import { adviceFor } from '../sms/plain-sms.rules.js';
import { KnownOrganizationRepository } from '../known/known-organization.repository.js';
import { frameOf, Letterheads, type Letterhead } from './letterheads.js';
import { readTemplate } from './read-template.rules.js';
import { renderMail, renderSms } from './render.rules.js';
import { systemTemplates } from './system/system-templates.js';
import { TemplateStore } from './template-store.js';
import { assertUsable, TemplateService } from './template.service.js';

const locales: Readonly<Record<TemplateLanguage, string>> = { en: 'en', es: 'es', fr: 'fr' };

/** How a text looks when it is sent, before it is. */
@Injectable()
export class TemplatePreview {
  constructor(
    private readonly templates: TemplateService,
    private readonly store: TemplateStore,
    private readonly letterheads: Letterheads,
    private readonly organizations: KnownOrganizationRepository,
    private readonly audiences: AudienceService,
  ) {}

  async preview(input: ParsedInputOf<typeof previewTemplate>, call: Call): Promise<RenderedMessage> {
    const { name, language, residentId, texts = {} } = input;
    const { orgId } = call;
    const propertyId = await this.templates.seen(input.propertyId, call);
    assertUsable(name, texts);
    const found = await this.store.now({ orgId, propertyId, name });
    const { parts, removed } = readTemplate(texts[language] ?? found.texts[language]);
    const letterhead = await this.letterheads.of(orgId, propertyId);
    const values = {
      ...(await this.#samples(orgId, letterhead, propertyId !== null)),
      ...(residentId !== undefined && (await this.#resident(residentId, call))),
    };
    const filling = { values, locale: locales[language], timeZone: letterhead.timeZone, secrets: 'shown' } as const;
    const { audience } = systemTemplates[name];
    const around = { unsubscribe: null, replyTo: null };
    const { 'alert.settings': settings, ...others } = values;
    const shown = audience === 'staff' ? { ...others, 'alert.settings': settings } : others;
    const frame = frameOf(letterhead, { textLanguage: language, reader: audience, emergency: false, values: shown, around });
    const mail = renderMail(parts, filling, frame);
    const sms = renderSms(parts, filling);
    return { language, ...mail, sms, ...measured(mail.html, sms, removed) };
  }

  async #samples(orgId: OrgId, { sender, address }: Letterhead, ofProperty: boolean): Promise<FieldValues> {
    const organization = await this.organizations.findOne({ orgId, _id: orgId });
    const { 'property.phone': _phone, ...made } = samples();
    return {
      ...made,
      ...(organization && { 'organization.name': organization.name }),
      ...(ofProperty && { 'property.name': sender }),
      ...(address !== null && { 'property.address': address }),
    };
  }

  async #resident(residentId: ResidentId, call: Call): Promise<FieldValues> {
    for await (const member of this.audiences.members(call, { ids: [residentId] }, call.actor.properties)) {
      const known = Object.entries(ofMember(member).known).filter(([field]) => isFieldName(field));
      // what this resident lacks is shown as it is for them
      return { 'resident.firstName': undefined, 'unit.name': undefined, 'unit.bedroom': undefined, ...Object.fromEntries(known) };
    }
    throw new DomainError('not-found', 'There is no such resident here, or you may not see them.');
  }
}

function measured(html: string, sms: string | null, removed: readonly string[]) {
  const { segments, plainer, costly } = adviceFor(sms ?? '');
  const size = sizeOfMail(html);
  return {
    smsSegments: segments.count,
    bytes: Buffer.byteLength(html),
    warnings: [
      ...removed,
      ...(size.kind === 'fine' ? [] : [size.message]),
      ...(plainer ? [`Without accents the text message costs ${plainer.count} instead of ${segments.count}.`] : []),
      ...(costly.length > 0 ? [`These signs make the text message cost more: ${costly.join(' ')}`] : []),
    ],
  };
}
