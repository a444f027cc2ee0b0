import {
  DomainError,
  residentAccountClosed,
  residentLanguageChanged,
  residentPasswordChanged,
  type EmailAddress,
  type ParsedInputOf,
  type ResidentAccount,
  type setResidentLanguage,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { lazily } from '../lazily.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { assertStrong } from '../password/password.rules.js';
import { ResidentLinkService } from '../resident-link/resident-link.service.js';
import { ResidentNotices } from '../resident-notice/resident-notices.js';
import { ResidentSessionService } from '../resident-session/resident-session.service.js';
import { ResidentAccountRepository, toResidentAccount, type ResidentAccountDoc } from './resident-account.repository.js';
import { assertResident, type ResidentCaller } from './resident-caller.js';
import { ResidentCredentialRepository } from './resident-credential.repository.js';
import { ResidentPasswordService } from './resident-password.service.js';

/** What residents do with their own account; what would harm them in a stranger’s hands, after typing their password once more. */
@Injectable()
export class OwnAccountService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly organizations: OrganizationRepository,
    private readonly passwords: ResidentPasswordService,
    private readonly sessions: ResidentSessionService,
    private readonly links: ResidentLinkService,
    private readonly notices: ResidentNotices,
  ) {}

  /** Whoever else knew the old one is out: every other session ends, and links that were under way hold no more. */
  async changePassword({ current, password }: { current: string; password: string }, call: Call): Promise<ResidentAccount> {
    const me = assertResident(call);
    // Within the unit of work, because a repeated call must find its result before the old password is asked for again.
    const passwordHash = lazily(async () => {
      await this.passwords.prove(me, current);
      const account = await this.#active(me);
      const organization = await this.organizations.of(me.orgId);
      assertStrong(password, { email: account.email, name: account.name, organization: organization.name });
      return this.passwords.hashFor(account.email, password);
    });
    return this.work.run(call, async (tx) => {
      const hash = await passwordHash();
      const before = await this.accounts.get({ orgId: me.orgId, _id: me.personId }, { tx });
      const account = await this.accounts.save(tx, { ...before, passwordSetAt: tx.now });
      await this.credentials.store(tx, me.orgId, me.personId, hash);
      await this.links.replaceOpen(tx, me, 'password-reset');
      await this.sessions.endAllOf(tx, me, 'password-changed', me.sessionId);
      this.notices.passwordChanged(tx, account);
      tx.publish(residentPasswordChanged, { account: toResidentAccount(account) }, account);
      return toResidentAccount(account);
    });
  }

  async requestEmail(
    { current, email }: { current: string; email: z.output<typeof EmailAddress> },
    call: Call,
  ): Promise<Record<string, never>> {
    const me = assertResident(call);
    const proven = lazily(() => this.passwords.prove(me, current));
    return this.work.run(call, async (tx) => {
      await proven();
      const account = await this.accounts.get({ orgId: me.orgId, _id: me.personId }, { tx });
      if (account.email === email)
        throw new DomainError('conflict.state', 'This is the address you have already. Give another one.');
      await this.links.issue(tx, account, { purpose: 'email-change', email });
      return {};
    });
  }

  async setLanguage({ locale }: ParsedInputOf<typeof setResidentLanguage>, call: Call): Promise<ResidentAccount> {
    const me = assertResident(call);
    return this.work.run(call, async (tx) => {
      const before = await this.accounts.get({ orgId: me.orgId, _id: me.personId }, { tx });
      if (before.locale === locale) return toResidentAccount(before);
      const account = await this.accounts.save(tx, { ...before, locale });
      tx.publish(residentLanguageChanged, { account: toResidentAccount(account) }, account);
      return toResidentAccount(account);
    });
  }

  async close({ current }: { current: string }, call: Call): Promise<ResidentAccount> {
    const me = assertResident(call);
    const proven = lazily(() => this.passwords.prove(me, current));
    return this.work.run(call, async (tx) => {
      await proven();
      const before = await this.accounts.get({ orgId: me.orgId, _id: me.personId }, { tx });
      const account = await this.accounts.save(tx, { ...before, state: 'closed' });
      await this.credentials.store(tx, me.orgId, me.personId, null);
      await this.links.replaceOpen(tx, me);
      await this.sessions.endAllOf(tx, me, 'closed');
      tx.publish(residentAccountClosed, { account: toResidentAccount(account) }, account);
      return toResidentAccount(account);
    });
  }

  async #active({ orgId, personId }: ResidentCaller): Promise<ResidentAccountDoc> {
    return this.accounts.get({ orgId, _id: personId });
  }
}
