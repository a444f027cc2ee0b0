import type { OrgId, PersonId, ResidentAccount } from '@leasewire/contracts';
import { DomainError } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../password/password-hasher.js';
import { residentKey } from '../resident-sign-in/resident-sign-in.rules.js';
import { throttled } from '../throttle/throttle.rules.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { ResidentAccountRepository } from './resident-account.repository.js';
import { ResidentCredentialRepository } from './resident-credential.repository.js';

@Injectable()
export class ResidentPasswordService {
  constructor(
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: ThrottleService,
  ) {}

  /** Somebody signed in shows once more that it is them: what they ask for would outlast a phone left lying about. */
  async prove({ orgId, personId }: { orgId: OrgId; personId: PersonId }, password: string): Promise<void> {
    const admission = await this.throttle.admit([{ name: 'reauthentication', of: personId }]);
    if ('retryAfterMs' in admission) throw throttled(admission.retryAfterMs);
    if (!(await this.fits(orgId, personId, password)))
      throw new DomainError('password.wrong', 'Your current password is not right. Type it again, or ask for a new one.');
    await this.throttle.succeeded(admission);
  }

  async fits(orgId: OrgId, personId: PersonId, password: string): Promise<boolean> {
    const hash = (await this.credentials.of(orgId, personId))?.passwordHash ?? null;
    return hash !== null && (await this.hasher.matches(password, hash));
  }

  /**
   * Whoever was kept waiting by strangers guessing at the account is let in now. Not where others share the address: whoever
   * sets such passwords would reset what slows down guesses at theirs.
   */
  async letIn({ personId, email }: Pick<ResidentAccount, 'personId' | 'email'>): Promise<void> {
    const accounts = await this.accounts.byEmail(email);
    if (accounts.every(({ _id }) => _id === personId)) await this.throttle.clear([{ name: 'account', of: residentKey(email) }]);
  }

  /** Made before the unit of work that stores it. Everybody with one address shares a salt (see Recipe). */
  async hashFor(email: string, password: string): Promise<string> {
    const accounts = await this.accounts.byEmail(email);
    const credentials = await this.credentials.ofAll(accounts.map((account) => account._id));
    const like = credentials.find((credential) => credential.passwordHash !== null)?.passwordHash;
    return this.hasher.hash(password, like ?? null);
  }
}
