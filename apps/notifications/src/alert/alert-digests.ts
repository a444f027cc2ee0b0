import type { FieldData } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { fillPlain } from '../compose/fill.rules.js';
import { headerText } from '../compose/header.rules.js';
import { languageFor } from '../compose/language.rules.js';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { KnownStaffRepository } from '../known/known-staff.repository.js';
import { readTemplate } from '../template/read-template.rules.js';
import { TemplateStore } from '../template/template-store.js';
import { languageOf } from '../schedule/when.rules.js';
import { AlertMails } from './alert-mail.js';
import { AlertDigestRepository, type AlertDigestDoc } from './alert.repository.js';
import { alertKinds } from './alert.rules.js';
import { AlertService } from './alert.service.js';

/** In the morning: what waited, in one mail, each line with its place. */
@Injectable()
export class AlertDigests {
  constructor(
    private readonly digests: AlertDigestRepository,
    private readonly staff: KnownStaffRepository,
    private readonly properties: KnownPropertyRepository,
    private readonly templates: TemplateStore,
    private readonly alerts: AlertService,
    private readonly mails: AlertMails,
    background: Background,
  ) {
    background.claimer<AlertDigestDoc>('alert-digests', {
      repository: digests,
      handle: (tx, docs) => Promise.all(docs.map((digest) => this.#send(tx, digest))),
      onGiveUp: () => Promise.resolve(), // the next alert makes it due again
    });
  }

  async #send(tx: Tx, found: AlertDigestDoc): Promise<void> {
    const { due: _due, ...digest } = found;
    const { orgId, _id } = digest;
    const nth = digest.nth + 1;
    await this.digests.save(tx, { ...digest, lines: [], nth });
    const who = await this.staff.findOne({ orgId, _id }, { tx });
    if (!who || who.state !== 'active' || digest.lines.length === 0) return;
    const lines: { text: string; link: string }[] = [];
    for (const line of digest.lines)
      lines.push({ text: await this.#line(who.locale, line, found), link: this.alerts.url(line.place) });
    const data: FieldData = {
      'alert.lines': lines.slice(-100),
      'alert.count': String(lines.length),
      'alert.link': this.alerts.url('/'),
      'alert.settings': this.alerts.url('/me/alerts'),
    };
    this.mails.mail(tx, { template: 'alert-digest', staffIds: [_id], propertyId: null, data }, `digest:${_id}:${nth}`);
  }

  /** With what to do about it, where that is a command and no page. */
  async #line(locale: string, line: AlertDigestDoc['lines'][number], found: AlertDigestDoc): Promise<string> {
    const said = await this.#said(locale, line, found);
    const way = line.data['alert.way'];
    return typeof way === 'string' ? `${said}: ${way}` : said;
  }

  /** The subject that its own mail would have had, in their language. */
  async #said(
    locale: string,
    { kind, propertyId, data }: AlertDigestDoc['lines'][number],
    { orgId }: AlertDigestDoc,
  ): Promise<string> {
    const property = propertyId === null ? null : await this.properties.findOne({ orgId, _id: propertyId });
    const { texts } = await this.templates.now({ orgId, propertyId, name: alertKinds[kind].template });
    const language = languageOf(languageFor(Object.keys(texts), locale));
    const { subject } = readTemplate(texts[language]).parts;
    const timeZone = property?.timeZone ?? 'UTC';
    return headerText(fillPlain(subject, { values: data, locale, timeZone, secrets: 'masked' }));
  }
}
