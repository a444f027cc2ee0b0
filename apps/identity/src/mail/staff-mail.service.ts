import { DomainError, InviteId, sendTemplate } from '@leasewire/contracts';
import { Assertions, RpcClient, type Clock } from '@leasewire/messaging';
import { Effects, SecretBox, type Attempted, type Effect, type Tx } from '@leasewire/persistence';
import { CLOCK, CONFIG, type Config } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { identityConfig } from '../config.js';
import { LinkRepository, mailTokenPlace, type LinkDoc } from '../link/link.repository.js';
import { linkUrl } from '../link/link.rules.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import type { StaffDoc } from '../staff/staff.repository.js';
import { afterError, fieldsOf, StaffMail, tooOldMs } from './staff-mail.rules.js';

type About = Pick<StaffMail, 'template'> & Partial<Pick<StaffMail, 'invitedBy' | 'address'>>;
const kind = 'staff-mail';

/**
 * Mails to staff. Each is intended in the transaction of what it tells, and handed to notifications afterwards: identity works while
 * notifications is away, and the mail goes out when it is back. A link that was used, replaced or has expired meanwhile is not mailed.
 */
@Injectable()
export class StaffMailService {
  constructor(
    private readonly links: LinkRepository,
    private readonly organizations: OrganizationRepository,
    private readonly box: SecretBox,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CONFIG) private readonly config: Config<typeof identityConfig>,
    @Inject(CLOCK) private readonly clock: Clock,
    effects: Effects,
  ) {
    effects.define(kind, {
      payload: StaffMail,
      attempt: (effect) => this.#attempt(effect),
      // the key makes asking again the way to find out
      reconcile: async (effect) => {
        const outcome = await this.#attempt(effect);
        return outcome.state === 'later' ? { state: 'unknown' } : outcome;
      },
      onSettled: async (tx, settled) => {
        for (const { payload, state } of settled)
          if (payload.linkId !== undefined && state !== 'unknown') await this.#forget(tx, payload.linkId);
      },
      timeoutMs: 20_000,
    });
  }

  /** A link by mail. Beside it stays the link to copy. */
  mailLink(tx: Tx, staff: StaffDoc, link: Pick<LinkDoc, '_id' | 'purpose'>, more: Omit<About, 'template'> = {}): void {
    const template = link.purpose === 'invitation' ? 'staff-invitation' : 'staff-password-reset';
    tx.effect(kind, { ...this.#mail(tx, staff, { template, ...more }), linkId: link._id }, { key: link._id, orgId: staff.orgId });
  }

  /** `key`: what it is about, so that it is told once. */
  notify(tx: Tx, staff: StaffDoc, about: About, key: string): void {
    tx.effect(kind, this.#mail(tx, staff, about), { key: `${about.template}:${staff._id}:${key}`, orgId: staff.orgId });
  }

  #mail(tx: Tx, { _id: staffId, email, name, locale }: StaffDoc, { template, invitedBy, address }: About): StaffMail {
    return {
      ...{ template, staffId, email, name, locale },
      ...(invitedBy !== undefined && { invitedBy }),
      ...(address !== undefined && { address }),
      at: tx.now.toISOString(),
    };
  }

  async #attempt({ id, orgId, payload, correlationId }: Effect<StaffMail>): Promise<Attempted> {
    const now = this.clock.now();
    if (payload.linkId === undefined && now.getTime() - Date.parse(payload.at) > tooOldMs)
      return { state: 'not-done', retry: false, reason: 'It is too old to be of use.' };
    const link = payload.linkId === undefined ? null : await this.links.findOne({ orgId, _id: InviteId.parse(payload.linkId) });
    if (payload.linkId !== undefined && !mayBeMailed(link, now))
      return { state: 'not-done', retry: false, reason: 'The link was used or replaced, or has expired.' };
    const organization = await this.organizations.of(orgId);
    const { email, name, staffId, locale: language, template } = payload;
    const { data, secrets } = fieldsOf(payload, organization.name, link && this.#opened(link));
    try {
      await this.rpc.call(
        sendTemplate,
        {
          ...{ key: `${template}:${payload.linkId ?? id}`, template, language, data, secrets },
          category: 'security',
          recipients: [{ kind: 'address', email, name, staffId, language }],
        },
        { assertion: this.assertions.forService(orgId), correlationId, idempotencyKey: id },
      );
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return afterError(error.code, error.message, now);
    }
  }

  #opened({ orgId, mailToken, expiresAt }: LinkDoc): { url: string; expiresAt: Date } {
    const token = this.box.open(mailToken ?? '', mailTokenPlace(orgId));
    return { url: linkUrl(this.config.LEASEWIRE_PUBLIC_URL, token), expiresAt };
  }

  /** The token was there to be mailed. From now on only its hash is. */
  async #forget(tx: Tx, linkId: string): Promise<void> {
    const link = await this.links.findOne({ orgId: tx.orgId, _id: InviteId.parse(linkId) }, { tx });
    if (link && link.mailToken !== null) await this.links.save(tx, { ...link, mailToken: null });
  }
}

const mayBeMailed = (link: LinkDoc | null, now: Date): boolean =>
  link?.life.state === 'open' && link.expiresAt > now && typeof link.mailToken === 'string';
