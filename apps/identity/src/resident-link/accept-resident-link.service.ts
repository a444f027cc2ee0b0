import { residentEmailChanged, residentPasswordChanged, type EventContract, type ResidentAccount } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { runAsResident } from '../access/proven.js';
import { assertOpen } from '../link/link.rules.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { assertStrong } from '../password/password.rules.js';
import {
  ResidentAccountRepository,
  toResidentAccount,
  type ResidentAccountDoc,
} from '../resident-account/resident-account.repository.js';
import { ResidentCredentialRepository } from '../resident-account/resident-credential.repository.js';
import { ResidentPasswordService } from '../resident-account/resident-password.service.js';
import { ResidentNotices } from '../resident-notice/resident-notices.js';
import { ResidentSessionService } from '../resident-session/resident-session.service.js';
import { ResidentLinkRepository, type ResidentLinkDoc, type ResidentLinkPurpose } from './resident-link.repository.js';
import { ResidentLinkService } from './resident-link.service.js';

type Changing = (tx: Tx, account: ResidentAccountDoc) => Promise<{ account: ResidentAccountDoc; told: EventContract }>;

@Injectable()
export class AcceptResidentLinkService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly links: ResidentLinkRepository,
    private readonly link: ResidentLinkService,
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly organizations: OrganizationRepository,
    private readonly passwords: ResidentPasswordService,
    private readonly sessions: ResidentSessionService,
    private readonly notices: ResidentNotices,
  ) {}

  async reset({ token, password }: { token: string; password: string }, call: Call): Promise<ResidentAccount> {
    const { link, account } = await this.#behind(token, 'password-reset');
    const organization = await this.organizations.of(link.orgId);
    assertStrong(password, { email: account.email, name: account.name, organization: organization.name });
    const passwordHash = await this.passwords.hashFor(account.email, password);
    const saved = await this.#use(link, call, async (tx, before) => {
      await this.credentials.store(tx, link.orgId, before._id, passwordHash);
      await this.sessions.endAllOf(tx, link, 'password-changed');
      this.notices.passwordChanged(tx, before);
      return { account: { ...before, passwordSetAt: tx.now }, told: residentPasswordChanged };
    });
    await this.passwords.letIn(saved);
    return saved;
  }

  /** Opening a link proves that a mail arrived, which a scanner proves too; the password proves who. */
  async confirmEmail({ token, password }: { token: string; password: string }, call: Call): Promise<ResidentAccount> {
    const { link } = await this.#behind(token, 'email-change');
    await this.passwords.prove(link, password);
    const passwordHash = await this.passwords.hashFor(link.email, password);
    return this.#use(link, call, async (tx, before) => {
      // Made with the salt of those who share the new address: one computation answers for all of them (see Recipe).
      await this.credentials.store(tx, link.orgId, before._id, passwordHash);
      this.notices.emailChanged(tx, before, link.email);
      return { account: { ...before, email: link.email, emailSource: 'resident' }, told: residentEmailChanged };
    });
  }

  async #behind(token: string, purpose: ResidentLinkPurpose) {
    const found = await this.link.behind(token);
    if (found.link.purpose !== purpose) assertOpen(null, new Date(0));
    return found;
  }

  #use({ orgId, _id, personId }: ResidentLinkDoc, call: Call, change: Changing): Promise<ResidentAccount> {
    return runAsResident(this.work, call, { orgId, personId }, { keepResult: true }, async (tx) => {
      const link = await this.links.get({ orgId, _id }, { tx });
      assertOpen(link, tx.now);
      await this.links.save(tx, { ...link, token: null, due: undefined, life: { state: 'used', at: tx.now } });
      const { account, told } = await change(tx, await this.accounts.get({ orgId, _id: personId }, { tx }));
      const saved = await this.accounts.save(tx, account);
      tx.publish(told, { account: toResidentAccount(saved) }, saved);
      return toResidentAccount(saved);
    });
  }
}
