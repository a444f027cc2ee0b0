import {
  residentAccountArchived,
  residentAccountErased,
  residentAccountRestored,
  residentEmailChanged,
  type EntityVersion,
  type Fact,
  type Resident,
  type personErased,
  type residentRegistered,
} from '@leasewire/contracts';
import { ignoreOlder } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import {
  ResidentAccountRepository,
  toResidentAccount,
  type ResidentAccountDoc,
} from '../resident-account/resident-account.repository.js';
import { ResidentCredentialRepository } from '../resident-account/resident-credential.repository.js';
import { ResidentLinkRepository } from '../resident-link/resident-link.repository.js';
import { ResidentNotices } from '../resident-notice/resident-notices.js';
import { ResidentSessionRepository } from '../resident-session/resident-session.repository.js';
import { ResidentSessionService } from '../resident-session/resident-session.service.js';
import { ResidencyRepository } from './residency.repository.js';
import { followed, type AccountChange } from './residency.rules.js';

/** Every event about a resident has the same shape: the whole residency. */
export type ResidentFact = Fact<typeof residentRegistered>;

const eventOf = {
  archived: residentAccountArchived,
  restored: residentAccountRestored,
  'email-changed': residentEmailChanged,
  renamed: null,
} as const;

@Injectable()
export class ResidencyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residencies: ResidencyRepository,
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly links: ResidentLinkRepository,
    private readonly sessionRows: ResidentSessionRepository,
    private readonly sessions: ResidentSessionService,
    private readonly notices: ResidentNotices,
  ) {}

  async follow(fact: ResidentFact): Promise<void> {
    await this.work.run(fact, (tx) => this.take(tx, fact.data.resident, fact.version));
  }

  /** What an event or the snapshot says of a residency; what is older than what is known changes nothing. */
  async take(tx: Tx, resident: Resident, version: EntityVersion): Promise<void> {
    const { orgId } = tx;
    const { id, personId, propertyId, state, email, displayName } = resident;
    const before = await this.residencies.findOne({ orgId, _id: id }, { tx });
    if (ignoreOlder({ version }, before?.known)) return;
    const fields = { personId, propertyId, state, email, name: displayName, known: version };
    if (before) await this.residencies.save(tx, { ...before, ...fields });
    else await this.residencies.insert(tx, { _id: id, orgId, ...fields });
    const account = await this.accounts.of(orgId, personId, tx);
    if (!account) return;
    if (before?.state !== state) await this.#oneAfterTheOther(tx, account);
    const all = await this.residencies.ofPerson(tx, orgId, personId);
    await this.#apply(tx, account, followed(account, before, resident, all));
  }

  /** Nothing of them is kept: the audit has its own way to forget. */
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    const { orgId } = fact;
    const { personId } = fact.data;
    await this.work.run(fact, async (tx) => {
      await this.residencies.removeMany(tx, { orgId, personId });
      const account = await this.accounts.of(orgId, personId, tx);
      if (!account) return;
      await this.sessions.endAllOf(tx, { orgId, personId }, 'erased');
      await this.sessionRows.removeMany(tx, { orgId, personId });
      await this.links.removeMany(tx, { orgId, personId });
      await this.credentials.remove(tx, { orgId, _id: personId });
      await this.accounts.remove(tx, { orgId, _id: personId });
      tx.publish(residentAccountErased, { personId }, { ...account, version: account.version + 1 });
    });
  }

  /**
   * Saved as it is: whoever is signing in at this moment is made to look again. And of two residencies that change at the same moment,
   * as when somebody moves to another property, the second sees the first; else each would take itself for the only one.
   */
  async #oneAfterTheOther(tx: Tx, { orgId, _id }: ResidentAccountDoc): Promise<void> {
    const credential = await this.credentials.of(orgId, _id, tx);
    if (credential) await this.credentials.save(tx, credential);
  }

  async #apply(tx: Tx, account: ResidentAccountDoc, changes: readonly AccountChange[]): Promise<void> {
    const last = changes.at(-1);
    if (!last) return;
    const saved = await this.accounts.save(tx, { ...account, ...last.account });
    if (changes.some(({ event }) => event === 'archived'))
      await this.sessions.endAllOf(tx, { orgId: account.orgId, personId: account._id }, 'archived');
    if (saved.email !== account.email) this.notices.emailChanged(tx, account, saved.email);
    for (const { event } of changes) {
      const contract = eventOf[event];
      if (contract) tx.publish(contract, { account: toResidentAccount(saved) }, saved);
    }
  }
}
