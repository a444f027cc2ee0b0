import type { FieldData, ParsedInputOf, PropertyId, raiseAlert, StaffId } from '@leasewire/contracts';
import { dueAt, type Tx } from '@leasewire/persistence';
import { CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { KnownStaffRepository } from '../known/known-staff.repository.js';
import { AlertMails } from './alert-mail.js';
import { AlertChoiceRepository, AlertDigestRepository, AlertRepository, KnownRoleRepository } from './alert.repository.js';
import { alertKinds, whoIsTold } from './alert.rules.js';
import { wayTo, type Sites } from './alert-way.rules.js';
import { nextMorning } from './digest.rules.js';

export type Raised = ParsedInputOf<typeof raiseAlert>;
const keepMs = 90 * 86_400_000;
const mostLines = 200;

/** Tells the staff whom something concerns, in the transaction of what raised it. */
@Injectable()
export class AlertService {
  constructor(
    private readonly alerts: AlertRepository,
    private readonly choices: AlertChoiceRepository,
    private readonly digests: AlertDigestRepository,
    private readonly roles: KnownRoleRepository,
    private readonly staff: KnownStaffRepository,
    private readonly properties: KnownPropertyRepository,
    private readonly mails: AlertMails,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
  ) {}

  async raise(tx: Tx, { kind, key, propertyId, data, place }: Raised): Promise<number> {
    const { orgId } = tx;
    const known = await this.alerts.findOne({ orgId, kind, key }, { tx });
    if (known) return known.told;
    const staff = await this.staff.find({ orgId, state: 'active' }, { tx });
    const roles = await this.roles.find({ orgId }, { tx });
    const chosen = await this.choices.find({ orgId }, { tx });
    const modes = new Map(chosen.map((one) => [one._id, one.modes]));
    const { immediate, digest } = whoIsTold({ kind, propertyId }, staff, roles, modes);
    const told = immediate.length + digest.length;
    const property = propertyId === null ? null : await this.properties.findOne({ orgId, _id: propertyId }, { tx });
    const said: FieldData = { ...data, ...(property && { 'property.name': property.name }) };
    const what = { kind, propertyId, data: said, place };
    const purgeAt = new Date(tx.now.getTime() + keepMs);
    await this.alerts.insert(tx, { _id: `${orgId}:${kind}:${key}`, orgId, key, ...what, told, purgeAt });
    const { link, way } = wayTo(place, this.#sites);
    const fields = {
      ...(way !== null && { 'alert.way': way }),
      ...said,
      'alert.link': link,
      'alert.settings': this.url('/me/alerts'),
    };
    for (let from = 0; from < immediate.length; from += 500)
      this.mails.mail(
        tx,
        { template: alertKinds[kind].template, staffIds: immediate.slice(from, from + 500), propertyId, data: fields },
        `${kind}:${key}:${from}`,
      );
    for (const staffId of digest) await this.#later(tx, staffId, what, property?.timeZone ?? 'UTC');
    return told;
  }

  url(place: string): string {
    return wayTo(place, this.#sites).link;
  }

  get #sites(): Sites {
    return { console: this.config.LEASEWIRE_CONSOLE_URL, site: this.config.LEASEWIRE_PUBLIC_URL };
  }

  async #later(
    tx: Tx,
    _id: StaffId,
    line: Pick<Raised, 'kind' | 'data' | 'place'> & { propertyId: PropertyId | null },
    timeZone: string,
  ): Promise<void> {
    const { orgId, now } = tx;
    const waiting = await this.digests.findOne({ orgId, _id }, { tx });
    if (!waiting) {
      await this.digests.insert(tx, { _id, orgId, lines: [line], nth: 0, due: dueAt(nextMorning(now, timeZone)) });
      return;
    }
    const lines = [...waiting.lines, line].slice(-mostLines);
    await this.digests.save(tx, { ...waiting, lines, due: waiting.due ?? dueAt(nextMorning(now, timeZone)) });
  }
}
