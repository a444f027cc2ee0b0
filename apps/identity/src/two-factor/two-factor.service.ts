import { randomBytes } from 'node:crypto';
import { DomainError, staffTwoFactorChanged, type OrgId, type StaffId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { SecretBox, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { myself } from '../access/access.service.js';
import { lazily } from '../lazily.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { CredentialRepository, type TwoFactor } from '../password/credential.repository.js';
import { PasswordService } from '../password/password.service.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { SecondFactorService, secondFactorRefused, secretPlace } from './second-factor.service.js';
import { acceptedStep, base32, fromBase32, otpauthUrl, secretBytes } from './totp.rules.js';
import { isOffered, newRecoveryCodes } from './two-factor.rules.js';

/** One's own second factor: offered, confirmed, turned off. Each asks for the password once more. */
@Injectable()
export class TwoFactorService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly organizations: OrganizationRepository,
    private readonly credentials: CredentialRepository,
    private readonly passwords: PasswordService,
    private readonly secondFactor: SecondFactorService,
    private readonly box: SecretBox,
    private readonly mails: StaffMailService,
  ) {}

  async start(password: string, call: Call): Promise<{ secret: string; url: string }> {
    const me = myself(call);
    const proof = lazily(() => this.passwords.prove(me, password));
    return this.work.run(call, async (tx) => {
      await proof();
      const credential = await this.#credential(me, tx);
      if (credential.twoFactor.state === 'on') throw alreadyOn();
      const secret = base32(randomBytes(secretBytes));
      const twoFactor: TwoFactor = { state: 'offered', secret: this.box.seal(secret, secretPlace(me.orgId)), at: tx.now };
      await this.credentials.save(tx, { ...credential, twoFactor });
      const staff = await this.staff.get({ orgId: me.orgId, _id: me.staffId }, { tx });
      const organization = await this.organizations.of(me.orgId, tx);
      return { secret, url: otpauthUrl(secret, staff.email, organization.name) };
    });
  }

  async confirm(code: string, call: Call): Promise<{ recoveryCodes: string[] }> {
    const me = myself(call);
    const admission = lazily(() => this.secondFactor.admit(me.staffId, 'session'));
    const confirmed = await this.work.run(call, async (tx) => {
      const credential = await this.#credential(me, tx);
      if (credential.twoFactor.state === 'on') throw alreadyOn();
      if (!isOffered(credential.twoFactor, tx.now))
        throw new DomainError('two-factor.not-started', 'Ask for a secret first, then confirm it within half an hour.');
      const { secret } = credential.twoFactor;
      await admission();
      const step = acceptedStep(fromBase32(this.box.open(secret, secretPlace(me.orgId))), code, tx.now, -1);
      if (step === null) throw secondFactorRefused();
      const { codes, hashes } = newRecoveryCodes();
      await this.credentials.save(tx, {
        ...credential,
        twoFactor: { state: 'on', secret, since: tx.now, usedStep: step, recoveryHashes: hashes },
      });
      await this.#told(tx, me, true);
      return { recoveryCodes: codes };
    });
    await this.secondFactor.clear(me.staffId, 'session');
    return confirmed;
  }

  async disable(password: string, code: string, call: Call): Promise<Record<string, never>> {
    const me = myself(call);
    const proof = lazily(() => this.passwords.prove(me, password));
    const admission = lazily(() => this.secondFactor.admit(me.staffId, 'session'));
    await this.work.run(call, async (tx) => {
      await proof();
      const credential = await this.#credential(me, tx);
      if (credential.twoFactor.state !== 'on') throw notOn();
      await admission();
      this.secondFactor.use(me.orgId, credential.twoFactor, code, tx.now);
      await this.credentials.save(tx, { ...credential, twoFactor: { state: 'off' } });
      await this.#told(tx, me, false);
    });
    await this.secondFactor.clear(me.staffId, 'session');
    return {};
  }

  async renewRecoveryCodes(password: string, call: Call): Promise<{ recoveryCodes: string[] }> {
    const me = myself(call);
    const proof = lazily(() => this.passwords.prove(me, password));
    return this.work.run(call, async (tx) => {
      await proof();
      const credential = await this.#credential(me, tx);
      if (credential.twoFactor.state !== 'on') throw notOn();
      const { codes, hashes } = newRecoveryCodes();
      await this.credentials.save(tx, { ...credential, twoFactor: { ...credential.twoFactor, recoveryHashes: hashes } });
      return { recoveryCodes: codes };
    });
  }

  #credential({ orgId, staffId }: { orgId: OrgId; staffId: StaffId }, tx: Tx) {
    return this.credentials.of({ orgId, _id: staffId }, tx);
  }

  async #told(tx: Tx, { orgId, staffId }: { orgId: OrgId; staffId: StaffId }, on: boolean): Promise<void> {
    const staff = await this.staff.save(tx, { ...(await this.staff.get({ orgId, _id: staffId }, { tx })), twoFactor: on });
    tx.publish(staffTwoFactorChanged, { staff: toStaff(staff) }, staff);
    if (!on) this.mails.notify(tx, staff, { template: 'staff-two-factor-off' }, String(staff.version));
  }
}

const alreadyOn = (): DomainError =>
  new DomainError('two-factor.already-on', 'Your second factor is on. Turn it off first to set up another device.');
const notOn = (): DomainError => new DomainError('conflict.state', 'You have no second factor turned on.');
