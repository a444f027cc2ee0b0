import {
  acceptResidentReset,
  changeResidentPassword,
  chooseResident,
  closeResidentAccount,
  completeActivation,
  confirmResidentEmail,
  DomainError,
  endResidentSession,
  endResidentView,
  enterResidentSession,
  enterResidentView,
  getConsentStanding,
  getProperty,
  listResidentSessions,
  propertyAdded,
  recordConsent,
  requestNewLink,
  requestResidentEmail,
  requestResidentPasswordReset,
  setResidentLanguage,
  resolveAudience,
  residentViewStarted,
  showActivation,
  showResidentLink,
  signInResident,
  stopReminders,
  type OutputOf,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import type { Deployment } from '@leasewire/testing';
import { StubIdentity } from './stub-identity.js';
import { StubService } from './stub-service.js';

export const token = 'a'.repeat(43);
export const password = 'granite kettle tuesday';
const at = '2026-11-24T09:00:00.000Z';
const [orgId, personId, propertyId] = [newId('org'), newId('per'), newId('prop')];
const organization = { id: orgId, name: 'Harbour Living', version: 1, createdAt: at, updatedAt: at };
type Account = OutputOf<typeof enterResidentSession>['account'];
type Page = OutputOf<typeof showActivation>;

/** The services behind the pages, played: what is asked of them is kept, what they answer can be changed. */
export class ResidentWorld {
  activation: Page = {
    state: 'open',
    orgId,
    personId,
    propertyId,
    propertyName: 'Harbour Court',
    organizationName: 'Harbour Living',
    name: 'Noor Haddad',
    firstName: 'Noor',
    email: 'noor@example.com',
    locale: null,
    expiresAt: '2026-12-01T09:00:00.000Z',
    terms: {
      propertyId: null,
      version: 3,
      title: 'House rules & terms',
      text: 'Be kind to your neighbours.\n\nNo <script>barbecue()</script> on the balcony.',
      publishedAt: at,
      publishedBy: `staff:${newId('stf')}`,
    },
  };
  account: Account = {
    personId,
    email: 'noor@example.com',
    emailSource: 'directory',
    name: 'Noor Haddad',
    locale: 'en-AU',
    state: 'active',
    passwordSetAt: at,
    lastSignInAt: at,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  readonly session = newId('ses');
  texts: OutputOf<typeof getConsentStanding>['items'][number] | null = null;
  linkPurpose: 'password-reset' | 'email-change' = 'password-reset';
  /** Code → thrown by the next calls of this name. */
  readonly refusals = new Map<string, DomainError>();

  private constructor(
    readonly identity: StubService,
    readonly onboarding: StubService,
    readonly directory: StubService,
    readonly notifications: StubService,
  ) {}

  static async start(deployment: Deployment): Promise<ResidentWorld> {
    const { stub } = await StubIdentity.start(deployment);
    const world = new ResidentWorld(
      stub,
      await StubService.start('onboarding', deployment),
      await StubService.start('directory', deployment),
      await StubService.start('notifications', deployment),
    );
    world.#answer();
    return world;
  }

  /** What was asked to be changed since the last look. */
  commands(): string[] {
    const queries = ['show', 'enter', 'list', 'get', 'resolve'];
    const calls = [this.identity, this.onboarding, this.directory, this.notifications].flatMap((service) =>
      service.calls.splice(0),
    );
    return calls.map(({ method }) => method).filter((method) => !queries.some((verb) => method.includes(`.${verb}-`)));
  }

  #answer(): void {
    const { identity, onboarding, directory, notifications } = this;
    const signedIn = () => ({
      refreshToken: 'refresh-1',
      refreshExpiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      deviceToken: 'device-1',
      sessionId: this.session,
      account: this.account,
      organization,
    });
    const unless = <T>(name: string, answer: () => T): T => {
      const refusal = this.refusals.get(name);
      if (refusal) throw refusal;
      return answer();
    };
    onboarding.handle(showActivation, () => this.activation);
    onboarding.handle(completeActivation, () =>
      unless('complete', () => ({ orgId, personId, propertyId, email: this.account.email, name: this.account.name })),
    );
    onboarding.handle(requestNewLink, () => ({}));
    onboarding.handle(stopReminders, () => ({}));
    identity.handle(signInResident, () => unless('sign-in', signedIn));
    identity.handle(chooseResident, signedIn);
    identity.handle(enterResidentSession, ({ refreshToken }) => {
      if (!refreshToken.startsWith('refresh-')) throw new DomainError('session.ended', 'It has ended.');
      const { refreshExpiresAt, sessionId, account } = signedIn();
      return {
        refreshExpiresAt,
        sessionId,
        account,
        organization,
        refreshToken: refreshToken === 'refresh-old' ? 'refresh-2' : null,
      };
    });
    identity.handle(requestResidentPasswordReset, () => ({}));
    identity.handle(showResidentLink, () =>
      unless('link', () => ({
        purpose: this.linkPurpose,
        personId,
        email: 'noor@example.com',
        name: 'Noor Haddad',
        locale: 'en-AU',
        organization: 'Harbour Living',
        expiresAt: at,
      })),
    );
    identity.handle(acceptResidentReset, () => unless('reset', () => this.account));
    identity.handle(confirmResidentEmail, () => unless('confirm', () => this.account));
    identity.handle(changeResidentPassword, () => unless('password', () => this.account));
    identity.handle(requestResidentEmail, () => unless('email', () => ({})));
    identity.handle(setResidentLanguage, ({ locale }) => (this.account = { ...this.account, locale }));
    identity.handle(closeResidentAccount, () => unless('close', () => this.account));
    identity.handle(endResidentSession, () => ({ ended: 1 }));
    identity.handle(endResidentView, () => ({}));
    identity.handle(listResidentSessions, () => ({ items: this.#sessions() }));
    identity.handle(enterResidentView, ({ token: given }) => {
      if (given !== 'look-1') throw new DomainError('session.ended', 'It is over.');
      const { view } = residentViewStarted.example;
      return { view: { ...view, expiresAt: signedIn().refreshExpiresAt }, orgId, account: this.account, organization };
    });
    notifications.handle(getConsentStanding, () => ({ items: this.texts ? [this.texts] : [] }));
    notifications.handle(recordConsent, () => ({ items: [] }));
    directory.handle(getProperty, () => ({ ...propertyAdded.example.property, id: propertyId, name: 'Harbour Court' }));
    directory.handle(resolveAudience, () => ({ items: [this.#member()], nextCursor: null }));
  }

  #sessions() {
    const devices = [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605',
      'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
      'curl/8',
    ];
    return devices.map((userAgent, n) => ({
      id: n === 0 ? this.session : newId('ses'),
      personId,
      startedAt: at,
      lastUsedAt: at,
      expiresAt: at,
      address: '203.0.113.7',
      userAgent,
      current: n === 0,
    }));
  }

  #member(): OutputOf<typeof resolveAudience>['items'][number] {
    return {
      residentId: newId('res'),
      personId,
      propertyId,
      unitIds: [],
      unit: 'B-204',
      bedroom: null,
      lease: null,
      name: { first: 'Noor', last: 'Haddad' },
      displayName: 'Noor Haddad',
      email: 'noor@example.com',
      sharedEmail: false,
      phone: '+61412345678',
      language: null,
      state: 'active',
      userTypes: ['tenant'],
      leaseStatus: 'current',
      access: { open: true, reason: 'lease' },
      accountStatus: 'live',
      assignable: true,
      issues: [],
      version: 1,
    };
  }
}
