import { DomainError, type OrgId, type ParsedInputOf, type SignedIn, type signIn } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { runAs } from '../access/proven.js';
import { lazily } from '../lazily.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { CredentialRepository, type CredentialDoc } from '../password/credential.repository.js';
import { PasswordHasher } from '../password/password-hasher.js';
import { AccessTokens } from '../session/access-tokens.js';
import { SessionService } from '../session/session.service.js';
import { StaffRepository, toStaff, type StaffDoc } from '../staff/staff.repository.js';
import { throttled } from '../throttle/throttle.rules.js';
import { SecondFactorService, type CodeFrom } from '../two-factor/second-factor.service.js';
import { KnownDevices } from './known-device.js';
import { RefusalReports } from './refusal-reports.js';
import { SignInThrottle, type Entry } from './sign-in-throttle.js';
import { decideSignIn, provesAll, refused, type Candidate } from './sign-in.rules.js';

type Input = ParsedInputOf<typeof signIn>;

interface Account extends Candidate {
  readonly staff: StaffDoc;
  readonly passwordHash: string | null;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly credentials: CredentialRepository,
    private readonly organizations: OrganizationRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly devices: KnownDevices,
    private readonly reports: RefusalReports,
    private readonly secondFactor: SecondFactorService,
    private readonly sessions: SessionService,
    private readonly tokens: AccessTokens,
  ) {}

  async signIn(input: Input, call: Call): Promise<SignedIn> {
    const entry = await this.throttle.admit({ ...input, wanted: input.organizationId });
    if ('retryAfterMs' in entry) {
      this.reports.report(input, 'throttled', call);
      throw throttled(entry.retryAfterMs);
    }
    // Until here and for as long as the next line takes, nothing depends on whether there is such an account.
    const accounts = await this.#accounts(input.email, input.password);
    const reached = accounts.filter((account) => entry.reaches(account.orgId));
    const decision = decideSignIn(reached, input.organizationId);
    if (decision.kind === 'refused') {
      this.reports.report(input, decision.reason, call);
      throw refused();
    }
    if (decision.kind === 'choose') {
      await this.throttle.undecided(entry);
      throw await this.#choice(decision.among.map((account) => account.orgId));
    }
    const signedIn = await this.#enter(decision.account, accounts, input, entry, call);
    return { ...signedIn, deviceToken: this.devices.issue(input.email, decision.account.orgId, entry.device) };
  }

  /** One computation of argon2, whoever it is: see `Recipe`. Both reads happen for nobody too. */
  async #accounts(email: string, password: string): Promise<Account[]> {
    const people = await this.staff.byEmail(email);
    const credentials = await this.credentials.ofAll(people.map((staff) => staff._id));
    const hashOf = new Map(credentials.map((credential) => [credential._id, credential.passwordHash]));
    const stored = [...hashOf.values()].filter((hash) => hash !== null);
    const matching = await this.hasher.matching(password, email, stored);
    return people.map((staff) => {
      const passwordHash = hashOf.get(staff._id) ?? null;
      const passwordMatches = passwordHash !== null && matching.has(passwordHash);
      return { staff, orgId: staff.orgId, state: staff.standing.state, passwordHash, passwordMatches };
    });
  }

  async #enter(
    { staff, passwordHash }: Account,
    all: readonly Account[],
    input: Input,
    entry: Entry,
    call: Call,
  ): Promise<SignedIn> {
    const who = { orgId: staff.orgId, staffId: staff._id };
    const from = codeFrom(entry, staff.orgId);
    const tryCode = lazily(() => this.secondFactor.admit(staff._id, from));
    // Of the person's accounts the oldest sets the salt.
    const like = all.find((account) => account.passwordHash !== null)?.passwordHash ?? undefined;
    const rehash = lazily(async () =>
      passwordHash !== null && this.hasher.isOutdated(passwordHash, like) ? this.hasher.hash(input.password, like) : passwordHash,
    );
    try {
      const signedIn = await runAs(this.work, call, who, { keepResult: true }, async (tx) => {
        const credential = await this.credentials.of(staff, tx);
        const current = await this.staff.get({ orgId: staff.orgId, _id: staff._id }, { tx });
        if (current.standing.state !== 'active' || credential.passwordHash !== passwordHash) throw refused();
        const checked = await this.#pass(tx, credential, input.code, tryCode);
        await this.credentials.save(tx, { ...checked, passwordHash: await rehash() });
        return this.#begin(tx, current, input);
      });
      await Promise.all([
        this.throttle.succeeded(entry, staff.orgId, provesAll(all)),
        input.code !== undefined && this.secondFactor.clear(staff._id, from),
        this.staff.touch({ orgId: staff.orgId, _id: staff._id }, { lastSignInAt: new Date(signedIn.staff.lastSignInAt ?? 0) }),
      ]);
      return signedIn;
    } catch (error) {
      await this.#stopped(error, input, entry, call);
      throw error;
    }
  }

  /** The credential as it is to be saved: saved it is in any case, so that no archiving passes by unseen. */
  async #pass(tx: Tx, credential: CredentialDoc, code: string | undefined, tryCode: () => Promise<void>): Promise<CredentialDoc> {
    const { twoFactor, orgId } = credential;
    if (twoFactor.state !== 'on') return credential;
    if (code === undefined)
      throw new DomainError(
        'sign-in.second-factor-required',
        'The password is right. Give the code of your authenticator app too, or a recovery code.',
      );
    await tryCode();
    return { ...credential, twoFactor: this.secondFactor.use(orgId, twoFactor, code, tx.now) };
  }

  async #begin(tx: Tx, staff: StaffDoc, input: Input): Promise<SignedIn> {
    const { orgId, _id: staffId } = staff;
    const { session, refreshToken } = await this.sessions.start(tx, { orgId, staffId }, input);
    return {
      ...this.tokens.issue({ orgId, staffId, sessionId: session._id }),
      refreshToken,
      refreshExpiresAt: session.expiresAt.toISOString(),
      sessionId: session._id,
      staff: toStaff({ ...staff, lastSignInAt: tx.now }),
      organization: toOrganization(await this.organizations.of(orgId, tx)),
    };
  }

  /** The password was right, so it was no guess at it; codes are counted by themselves. */
  async #stopped(error: unknown, input: Input, entry: Entry, call: Call): Promise<void> {
    const code = error instanceof DomainError ? error.code : undefined;
    if (code === 'sign-in.refused') return;
    await this.throttle.undecided(entry);
    if (code === 'sign-in.second-factor-refused' || code === 'sign-in.throttled')
      this.reports.report(input, 'second-factor', call);
  }

  async #choice(orgIds: readonly OrgId[]): Promise<DomainError> {
    const organizations = (await this.organizations.named(orgIds)).map(({ _id: id, name }) => ({ id, name }));
    return new DomainError('sign-in.choose-organization', 'You work for several organizations. Choose the one to sign in to.', {
      organizations,
    });
  }
}

const codeFrom = ({ device }: Entry, orgId: OrgId): CodeFrom =>
  device?.of.includes(orgId) === true ? { device: device.id } : 'anywhere';
