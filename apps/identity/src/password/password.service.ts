import { DomainError, type OrgId, type StaffId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { throttled } from '../throttle/throttle.rules.js';
import { StaffRepository, type StaffDoc } from '../staff/staff.repository.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { CredentialRepository, type CredentialDoc } from './credential.repository.js';
import { PasswordHasher } from './password-hasher.js';

@Injectable()
export class PasswordService {
  constructor(
    private readonly credentials: CredentialRepository,
    private readonly staff: StaffRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: ThrottleService,
  ) {}

  /** Somebody signed in shows once more that it is them: what they ask for would outlast a screen left open. */
  async prove(staff: { orgId: OrgId; staffId: StaffId }, password: string): Promise<void> {
    const admission = await this.throttle.admit([{ name: 'reauthentication', of: staff.staffId }]);
    if ('retryAfterMs' in admission) throw throttled(admission.retryAfterMs);
    const { passwordHash } = await this.credentials.of({ orgId: staff.orgId, _id: staff.staffId });
    if (passwordHash === null || !(await this.hasher.matches(password, passwordHash)))
      throw new DomainError('password.wrong', 'Your current password is not right. Type it again, or ask for a new one.');
    await this.throttle.succeeded(admission);
  }

  /** Made before the unit of work that stores it. With the salt of the person's other accounts (see Recipe). */
  async hashFor(email: string, password: string): Promise<string> {
    const accounts = await this.staff.byEmail(email);
    const credentials = await this.credentials.ofAll(accounts.map((account) => account._id));
    const like = credentials.find((credential) => credential.passwordHash !== null)?.passwordHash;
    return this.hasher.hash(password, like ?? null);
  }

  async store(tx: Tx, staff: Pick<StaffDoc, 'orgId' | '_id'>, passwordHash: string): Promise<CredentialDoc> {
    const credential = await this.credentials.of(staff, tx);
    return this.credentials.save(tx, { ...credential, passwordHash, passwordSetAt: tx.now });
  }
}
