import { DomainError, staffJoined, staffPasswordChanged, type Staff } from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { runAs } from '../access/proven.js';
import { CredentialRepository } from '../password/credential.repository.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { PasswordHasher } from '../password/password-hasher.js';
import { assertStrong } from '../password/password.rules.js';
import { PasswordService } from '../password/password.service.js';
import { SessionService } from '../session/session.service.js';
import { accountKey } from '../sign-in/device.rules.js';
import { StaffRepository, toStaff, withDetails, type StaffDoc } from '../staff/staff.repository.js';
import { join } from '../staff/staff.rules.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { SecondFactorService } from '../two-factor/second-factor.service.js';
import { LinkRepository, type LinkDoc } from './link.repository.js';
import { assertOpen, hashLinkToken, mayBeRepeat } from './link.rules.js';
import { LinkService } from './link.service.js';

interface Acceptance {
  readonly token: string;
  readonly password: string;
  readonly name?: string | undefined;
}

@Injectable()
export class AcceptLinkService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly links: LinkRepository,
    private readonly link: LinkService,
    private readonly staff: StaffRepository,
    private readonly credentials: CredentialRepository,
    private readonly passwords: PasswordService,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly throttle: ThrottleService,
    private readonly secondFactor: SecondFactorService,
    private readonly mails: StaffMailService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accept(input: Acceptance, call: Call): Promise<Staff> {
    const hash = hashLinkToken(input.token);
    try {
      return await this.#accept(hash, input, call);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'link.invalid') throw error;
      const again = await this.#repeated(hash, input.password);
      if (again === null) throw error;
      return again;
    }
  }

  async #accept(hash: string, { password, name }: Acceptance, call: Call): Promise<Staff> {
    const found = await this.links.byHash(hash);
    assertOpen(found, this.clock.now());
    const { staff, organization } = await this.link.behind(found);
    assertStrong(password, { email: staff.email, name: name ?? staff.name, organization: organization.name });
    const passwordHash = await this.passwords.hashFor(staff.email, password);
    const accepted = await runAs(this.work, call, found, { keepResult: true }, (tx) => this.#use(tx, found, passwordHash, name));
    await Promise.all([this.#letIn(accepted), this.secondFactor.clear(accepted.id, 'anywhere')]);
    return accepted;
  }

  /**
   * Whoever was kept waiting by strangers guessing at the account is let in now. Not where other organizations have an account
   * of the address: whoever makes such links would reset what slows down guesses at those.
   */
  async #letIn({ id, email }: Staff): Promise<void> {
    const accounts = await this.staff.byEmail(email);
    if (accounts.some(({ _id, standing }) => _id !== id && standing.state !== 'invited')) return;
    await this.throttle.clear([{ name: 'account', of: accountKey(email) }]);
  }

  async #use(tx: Tx, { orgId, _id, staffId }: LinkDoc, passwordHash: string, name: string | undefined): Promise<Staff> {
    const link = await this.links.get({ orgId, _id }, { tx });
    assertOpen(link, tx.now);
    const before = await this.staff.get({ orgId, _id: staffId }, { tx });
    await this.links.save(tx, { ...link, mailToken: null, life: { state: 'used', at: tx.now } });
    await this.passwords.store(tx, before, passwordHash);
    await this.sessions.endAllOf(tx, { orgId, staffId }, 'password-changed');
    const staff = await this.staff.save(tx, this.#joined(before, link.purpose === 'invitation' ? name : undefined));
    const joined = before.standing.state === 'invited';
    tx.publish(joined ? staffJoined : staffPasswordChanged, { staff: toStaff(staff) }, staff);
    if (!joined) this.mails.notify(tx, staff, { template: 'staff-password-changed' }, String(staff.version));
    return toStaff(staff);
  }

  #joined(staff: StaffDoc, name: string | undefined): StaffDoc {
    return withDetails({ ...staff, standing: join(staff.standing), ...(name !== undefined && { name }) });
  }

  /** The second click of a double click, or the first one whose answer got lost: it worked, and that is what they are told. */
  async #repeated(hash: string, password: string): Promise<Staff | null> {
    const link = await this.links.byHash(hash);
    if (!mayBeRepeat(link, this.clock.now())) return null;
    const { staff } = await this.link.behind(link);
    const { passwordHash } = await this.credentials.of(staff);
    if (staff.standing.state !== 'active' || passwordHash === null) return null;
    return (await this.hasher.matches(password, passwordHash)) ? toStaff(staff) : null;
  }
}
