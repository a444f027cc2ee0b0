import {
  DomainError,
  OrgId,
  PersonId,
  type ParsedInputOf,
  type ResidentChoice,
  type ResidentSignedIn,
  type chooseResident,
  type signInResident,
} from '@leasewire/contracts';
import { TokenSigner, TokenVerifier, type Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { runAsResident } from '../access/proven.js';
import { lazily } from '../lazily.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { PasswordHasher } from '../password/password-hasher.js';
import {
  ResidentAccountRepository,
  toResidentAccount,
  type ResidentAccountDoc,
} from '../resident-account/resident-account.repository.js';
import { ResidentCredentialRepository } from '../resident-account/resident-credential.repository.js';
import { ResidentSessionService } from '../resident-session/resident-session.service.js';
import { KnownDevices } from '../sign-in/known-device.js';
import { SignInThrottle } from '../sign-in/sign-in-throttle.js';
import { provesAll, refused } from '../sign-in/sign-in.rules.js';
import { throttled } from '../throttle/throttle.rules.js';
import { decideResident, residentSubject, type Candidate } from './resident-sign-in.rules.js';

type Input = ParsedInputOf<typeof signInResident>;
type Choice = ParsedInputOf<typeof chooseResident>;
type Visit = Pick<Input, 'address' | 'userAgent' | 'deviceToken'>;

interface Account extends Candidate {
  readonly doc: ResidentAccountDoc;
  readonly passwordHash: string | null;
}

const choiceKind = 'resident-choice';
const choiceSeconds = 600;
/** The password was right for these, when it was typed; `set` dates each password, so that a newer one ends the choice. */
const ChoiceClaims = z.looseObject({ of: z.array(z.object({ org: OrgId, per: PersonId, set: z.number() })) });

@Injectable()
export class ResidentSignInService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: ResidentAccountRepository,
    private readonly credentials: ResidentCredentialRepository,
    private readonly organizations: OrganizationRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly devices: KnownDevices,
    private readonly sessions: ResidentSessionService,
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
  ) {}

  async signIn(input: Input, call: Call): Promise<ResidentSignedIn> {
    const entry = await this.throttle.admit({ ...input, email: residentSubject(input.email), wanted: input.personId });
    if ('retryAfterMs' in entry) throw throttled(entry.retryAfterMs);
    // Until here and for as long as the next line takes, nothing depends on whether there is such an account.
    const accounts = await this.#accounts(input.email, input.password);
    const reached = accounts.filter((account) => entry.reaches(account.personId));
    const decision = decideResident(reached, input.personId);
    if (decision.kind === 'refused') throw refused();
    if (decision.kind === 'choose') {
      await this.throttle.undecided(entry);
      throw await this.#choice(decision.among);
    }
    const signedIn = await this.#enter(decision.account, accounts, input, call);
    await this.throttle.succeeded(entry, decision.account.personId, provesAll(accounts));
    return signedIn;
  }

  async choose({ choice, personId, ...visit }: Choice, call: Call): Promise<ResidentSignedIn> {
    const chosen = this.#opened(choice).find(({ per }) => per === personId);
    const doc = chosen && (await this.accounts.of(chosen.org, chosen.per));
    if (doc?.state !== 'active' || doc.passwordSetAt.getTime() !== chosen?.set) throw refused();
    return this.#begin(doc, visit, call, () => Promise.resolve());
  }

  /** One computation of argon2, whoever it is: see `Recipe`. Both reads happen for nobody too. */
  async #accounts(email: string, password: string): Promise<Account[]> {
    const docs = await this.accounts.byEmail(email);
    const credentials = await this.credentials.ofAll(docs.map((doc) => doc._id));
    const hashOf = new Map(credentials.map(({ _id, passwordHash }) => [_id, passwordHash]));
    const stored = credentials.flatMap(({ passwordHash }) => (passwordHash === null ? [] : [passwordHash]));
    const matching = await this.hasher.matching(password, residentSubject(email), stored);
    return docs.map((doc) => {
      const passwordHash = hashOf.get(doc._id) ?? null;
      const passwordMatches = passwordHash !== null && matching.has(passwordHash);
      return { doc, orgId: doc.orgId, personId: doc._id, state: doc.state, passwordHash, passwordMatches };
    });
  }

  #enter({ doc, passwordHash }: Account, all: readonly Account[], input: Input, call: Call): Promise<ResidentSignedIn> {
    // Of those who share the address the oldest sets the salt.
    const like = all.find((account) => account.passwordHash !== null)?.passwordHash ?? undefined;
    const rehash = lazily(async () =>
      passwordHash !== null && this.hasher.isOutdated(passwordHash, like) ? this.hasher.hash(input.password, like) : passwordHash,
    );
    return this.#begin(doc, input, call, async (tx) => {
      // Saved in any case, so that no archiving and no new password passes by unseen.
      const credential = await this.credentials.of(doc.orgId, doc._id, tx);
      if (credential?.passwordHash !== passwordHash) throw refused();
      await this.credentials.save(tx, { ...credential, passwordHash: await rehash() });
    });
  }

  async #begin(doc: ResidentAccountDoc, visit: Visit, call: Call, check: (tx: Tx) => Promise<void>): Promise<ResidentSignedIn> {
    const who = { orgId: doc.orgId, personId: doc._id };
    const subject = residentSubject(doc.email);
    const deviceToken = this.devices.issue(subject, doc._id, this.devices.read(visit.deviceToken, subject));
    const signedIn = await runAsResident(this.work, call, who, { keepResult: true }, async (tx) => {
      await check(tx);
      const account = await this.accounts.of(doc.orgId, doc._id, tx);
      if (account?.state !== 'active') throw refused();
      const { session, refreshToken } = await this.sessions.start(tx, who, visit);
      return {
        refreshToken,
        refreshExpiresAt: session.expiresAt.toISOString(),
        deviceToken,
        sessionId: session._id,
        account: toResidentAccount({ ...account, lastSignInAt: tx.now }),
        organization: toOrganization(await this.organizations.of(doc.orgId, tx)),
      };
    });
    await this.accounts.touch({ orgId: doc.orgId, _id: doc._id }, { lastSignInAt: new Date(signedIn.account.lastSignInAt ?? 0) });
    return signedIn;
  }

  async #choice(among: readonly Account[]): Promise<DomainError> {
    const named = await this.organizations.named([...new Set(among.map(({ orgId }) => orgId))]);
    const nameOf = new Map(named.map(({ _id, name }) => [_id, name]));
    const details: ResidentChoice = {
      choice: this.signer.sign(
        choiceKind,
        { of: among.map(({ doc }) => ({ org: doc.orgId, per: doc._id, set: doc.passwordSetAt.getTime() })) },
        choiceSeconds,
      ),
      persons: among.map(({ doc }) => ({ personId: doc._id, name: doc.name, organization: nameOf.get(doc.orgId) ?? '' })),
    };
    return new DomainError('resident.choose-person', 'Several people have this address and password. Choose who you are.', {
      ...details,
    });
  }

  #opened(choice: string): z.output<typeof ChoiceClaims>['of'] {
    try {
      const claims = this.verifier.verify(choiceKind, choice);
      return claims.iss === this.signer.issuer ? ChoiceClaims.parse(claims).of : [];
    } catch {
      return [];
    }
  }
}
