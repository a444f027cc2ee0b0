import {
  activationCompleted,
  DomainError,
  getOrganization,
  openResidentAccount,
  setResidentPassword,
  type ActivationPage,
  type completeActivation,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
  type Terms,
} from '@leasewire/contracts';
import { Assertions, Call, RpcClient, type Clock, type Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountKeeper } from '../account/account-keeper.js';
import { AccountRepository, type AccountDoc } from '../account/account.repository.js';
import { addressee, languageOf } from '../account/member.rules.js';
import { activated } from '../account/standing.rules.js';
import { Communities } from '../community/communities.js';
import { CommunityRepository } from '../community/community.repository.js';
import { InvitationRepository, type InvitationDoc } from '../invitation/invitation.repository.js';
import { LinkKeys } from '../link/link-key.repository.js';
import { claimOf, isGenuine } from '../link/token.rules.js';
import { TermsRepository } from '../terms/terms.repository.js';
import { linkOf, mayAskForLink } from './activation.rules.js';

type Input = ParsedInputOf<typeof completeActivation>;
type Output = OutputOf<typeof completeActivation>;
export interface Genuine {
  readonly invitation: InvitationDoc;
  readonly account: AccountDoc;
}

/** From an open link to a live account. Looking changes nothing: what opens links in mail is seldom a person. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: AccountRepository,
    private readonly invitations: InvitationRepository,
    private readonly communities: CommunityRepository,
    private readonly rules: Communities,
    private readonly terms: TermsRepository,
    private readonly keeper: AccountKeeper,
    private readonly keys: LinkKeys,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async show(token: string): Promise<ActivationPage> {
    const found = await this.genuine(token);
    if (found === null) return { state: 'unknown' };
    const { invitation, account } = found;
    const { orgId, propertyId, residentId } = invitation;
    const locale = languageOf(account.members, residentId);
    const link = linkOf(invitation, account.standing, this.clock.now());
    const propertyName = (await this.communities.findOne({ orgId, _id: propertyId }))?.name ?? '';
    if (link.state !== 'open') {
      const canAskAgain = mayAskForLink(account.standing) && addressee(account.members) !== null;
      const used = link.state === 'used' && { account: { personId: account._id, email: invitation.email } };
      return { state: link.state, propertyName, locale, at: link.at.toISOString(), ...used, canAskAgain };
    }
    return {
      state: 'open',
      orgId,
      personId: account._id,
      propertyId,
      propertyName,
      organizationName: await this.#organizationName(orgId),
      name: invitation.name,
      firstName: invitation.firstName,
      email: invitation.email,
      locale,
      expiresAt: link.expiresAt.toISOString(),
      terms: await this.terms.applying(orgId, propertyId),
    };
  }

  /**
   * The password first, then the account: whatever dies in between, the link still works, and doing it again does the same.
   * The other way round, somebody could be live without a password. It opens nothing before the account is live: the link may
   * be withdrawn or replaced between the two.
   */
  async complete(input: Input, call: Call): Promise<Output> {
    const found = await this.genuine(input.token);
    if (found === null) throw over('unknown');
    const { invitation, account } = found;
    const link = linkOf(invitation, account.standing, this.clock.now());
    if (link.state !== 'open') throw over(link.state);
    await this.#noteOpened(found);
    const terms = await this.terms.applying(invitation.orgId, invitation.propertyId);
    assertAgreed(input, terms);
    await this.#setPassword(input, found, call);
    const done = await this.work.run(asResident(call, found), (tx) => this.#goLive(tx, invitation, input, terms));
    await this.#open(done, call);
    return done;
  }

  /** The invitation that a token is the right one of. */
  async genuine(token: string): Promise<Genuine | null> {
    const claim = claimOf(token);
    if (claim === null) return null;
    const { orgId, invitationId } = claim;
    const invitation = await this.invitations.findOne({ orgId, _id: invitationId });
    if (invitation === null) return null;
    const link = { invitationId, personId: invitation.personId, email: invitation.email };
    if (!isGenuine(await this.keys.of(orgId), orgId, link, token)) return null;
    const account = await this.accounts.findOne({ orgId, _id: invitation.personId });
    return account === null ? null : { invitation, account };
  }

  /** Nobody is kept from their account because a name is not to be had at the moment. */
  async #organizationName(orgId: OrgId): Promise<string | null> {
    try {
      const via = { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor'), timeoutMs: 2000 };
      return (await this.rpc.call(getOrganization, {}, via)).name;
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  /** A step of the report and nothing else, so it needs no event: only a person types a password. */
  async #noteOpened({ invitation, account }: Genuine): Promise<void> {
    if (invitation.openedAt !== null) return;
    await this.invitations.touch(invitation, { openedAt: this.clock.now() });
    await this.accounts.touch(account, { opened: true });
  }

  async #setPassword({ password, locale }: Input, { invitation, account }: Genuine, call: Call): Promise<void> {
    const { orgId, email, name } = invitation;
    try {
      await this.rpc.call(
        setResidentPassword,
        { personId: account._id, email, name, locale, password, opens: 'when-activated' },
        { assertion: this.assertions.forService(orgId), correlationId: call.correlationId },
      );
    } catch (error) {
      // identity has heard that they live nowhere here any more, and we shall
      throw error instanceof DomainError && error.code === 'conflict.state' ? over('withdrawn') : error;
    }
  }

  /** So that they are in at once. Where identity cannot be asked, it hears of the activation a moment later. */
  async #open({ orgId, personId }: Output, { correlationId }: Call): Promise<void> {
    try {
      const via = { assertion: this.assertions.forService(orgId), correlationId, timeoutMs: 2000 };
      await this.rpc.call(openResidentAccount, { personId }, via);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  async #goLive(
    tx: Tx,
    { orgId, _id, propertyId, email, name }: InvitationDoc,
    { address }: Input,
    terms: Terms,
  ): Promise<Output> {
    const known = await this.invitations.get({ orgId, _id }, { tx });
    const draft = await this.keeper.load(tx, orgId, known.personId);
    const standing = activated(draft.account.standing, _id, tx.now);
    if (standing === null) throw over(known.state === 'open' ? 'expired' : known.state);
    const invitation = await this.invitations.save(tx, {
      ...known,
      state: 'used',
      endedAt: tx.now,
      endedBecause: 'It was used.',
    });
    draft.account = {
      ...draft.account,
      standing,
      planned: null,
      terms: { version: terms.version, propertyId: terms.propertyId, acceptedAt: tx.now, address },
    };
    draft.told.push({ contract: activationCompleted, invitation });
    const { timetable } = await this.rules.rules(orgId, propertyId, tx);
    const { _id: personId } = await this.keeper.save(tx, draft, timetable);
    return { orgId, personId, propertyId, email, name };
  }
}

/** To the very text that was shown. Who does not say whose text it was has an older gateway, and goes by the number. */
function assertAgreed(
  { acceptedTermsVersion, acceptedTermsPropertyId: propertyId }: Pick<Input, 'acceptedTermsVersion' | 'acceptedTermsPropertyId'>,
  terms: Terms,
): void {
  if (acceptedTermsVersion === null)
    throw new DomainError('activation.terms-needed', 'Agree to the terms and conditions to go on.');
  if (acceptedTermsVersion !== terms.version || (propertyId !== undefined && propertyId !== terms.propertyId))
    throw new DomainError('activation.terms-changed', 'The terms and conditions changed meanwhile. Read them and agree again.', {
      version: terms.version,
      propertyId: terms.propertyId,
    });
}

function over(state: string): DomainError {
  const why: Readonly<Record<string, string>> = {
    used: 'This link was used already. Sign in with your password.',
    expired: 'This link has expired. Ask for a new one.',
    replaced: 'A newer link replaced this one. Use the one of the newest mail.',
    withdrawn: 'This link works no more. Ask for a new one, or ask the office.',
  };
  return new DomainError('activation.link-over', why[state] ?? 'This is no link of ours. Copy the whole link from the mail.', {
    state,
  });
}

/** The gateway asked for a stranger; what happens is done by this person, and the record says so. */
export function asResident(call: Call, { invitation: { orgId, personId } }: Genuine): Call {
  return new Call({
    method: call.method,
    actor: { ref: `resident:${personId}`, orgId, permissions: {}, properties: [] },
    assertion: call.assertion,
    correlationId: call.correlationId,
    traceparent: call.traceparent,
    idempotencyKey: call.idempotencyKey,
    rawInput: Buffer.from(call.inputHash),
  });
}
