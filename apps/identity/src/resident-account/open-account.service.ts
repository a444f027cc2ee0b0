import {
  DomainError,
  residentAccountArchived,
  residentAccountOpened,
  residentPasswordChanged,
  type Fact,
  type ParsedInputOf,
  type PersonId,
  type ResidentAccount,
  type setResidentPassword,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { assertStrong } from '../password/password.rules.js';
import { ResidencyRepository } from '../residency/residency.repository.js';
import { livesNowhere } from '../residency/residency.rules.js';
import { ResidentNotices } from '../resident-notice/resident-notices.js';
import { ResidentSessionService } from '../resident-session/resident-session.service.js';
import { ResidentAccountRepository, toResidentAccount, type ResidentAccountDoc } from './resident-account.repository.js';
import { ResidentCredentialRepository } from './resident-credential.repository.js';
import { ResidentPasswordService } from './resident-password.service.js';

type Input = ParsedInputOf<typeof setResidentPassword>;

@Injectable()
export class OpenAccountService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly organizations: OrganizationRepository,
    private readonly passwords: ResidentPasswordService,
    private readonly residencies: ResidencyRepository,
    private readonly sessions: ResidentSessionService,
    private readonly notices: ResidentNotices,
  ) {}

  /**
   * Onboarding repeats this until it has an answer, perhaps after the person signed in: what holds already is not done
   * again, or their session would end.
   */
  async set(input: Input, call: Call): Promise<ResidentAccount> {
    const { orgId } = call;
    const organization = await this.organizations.of(orgId);
    assertStrong(input.password, { email: input.email, name: input.name, organization: organization.name });
    const known = await this.accounts.of(orgId, input.personId);
    if (known && holds(known, input) && (await this.passwords.fits(orgId, input.personId, input.password)))
      return toResidentAccount(known);
    const passwordHash = await this.passwords.hashFor(input.email, input.password);
    const account = await this.work.run(call, (tx) => this.#set(tx, input, passwordHash));
    if (account.state === 'active') await this.passwords.letIn(account);
    return account;
  }

  /**
   * Their activation is complete, so the password that was set for it opens the account. Whoever closed theirs since has no
   * password any more; whoever moved out since finds it when they are back.
   */
  async open(personId: PersonId, cause: Call | Fact): Promise<void> {
    const account = await this.work.run(cause, (tx) => this.#open(tx, personId));
    if (account?.state === 'active') await this.passwords.letIn(account);
  }

  async #open(tx: Tx, personId: PersonId): Promise<ResidentAccount | null> {
    const { orgId } = tx;
    const before = await this.accounts.of(orgId, personId, tx);
    const credential = await this.credentials.of(orgId, personId, tx);
    if (before?.state !== 'closed' || (credential?.passwordHash ?? null) === null) return null;
    const gone = livesNowhere(await this.residencies.heldOfPerson(tx, orgId, personId));
    const account = await this.accounts.save(tx, { ...before, state: gone ? 'archived' : 'active' });
    tx.publish(gone ? residentAccountArchived : residentAccountOpened, { account: toResidentAccount(account) }, account);
    return toResidentAccount(account);
  }

  async #set(tx: Tx, { personId, email, name, locale, opens }: Input, passwordHash: string): Promise<ResidentAccount> {
    const { orgId } = tx;
    const before = await this.accounts.of(orgId, personId, tx);
    if (livesNowhere(await this.residencies.heldOfPerson(tx, orgId, personId))) throw movedOut();
    const state = opens === 'at-once' || before?.state === 'active' ? ('active' as const) : ('closed' as const);
    const fields = { email, name, locale, state, passwordSetAt: tx.now };
    const account = before
      ? await this.accounts.save(tx, {
          ...before,
          ...fields,
          ...(before.email !== email && { emailSource: 'directory' as const }),
        })
      : await this.accounts.insert(tx, { _id: personId, orgId, ...fields, emailSource: 'directory', lastSignInAt: null });
    await this.credentials.store(tx, orgId, personId, passwordHash);
    await this.sessions.endAllOf(tx, { orgId, personId }, 'password-changed');
    if (before?.state === 'active') this.notices.passwordChanged(tx, before);
    if (state === 'active')
      tx.publish(
        before?.state === 'active' ? residentPasswordChanged : residentAccountOpened,
        { account: toResidentAccount(account) },
        account,
      );
    return toResidentAccount(account);
  }
}

const movedOut = (): DomainError =>
  new DomainError('conflict.state', 'This person lives nowhere here any more, so there is no account to open.');

const holds = (known: ResidentAccountDoc, { email, name, locale }: Input): boolean =>
  known.state === 'active' && known.email === email && known.name === name && known.locale === locale;
