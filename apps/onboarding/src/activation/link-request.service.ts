import type { ParsedInputOf, requestNewLink } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type DueClaimer, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountKeeper, type Draft } from '../account/account-keeper.js';
import { AccountRepository, type AccountDoc } from '../account/account.repository.js';
import { addressee } from '../account/member.rules.js';
import { isOpen } from '../account/standing.rules.js';
import { Communities } from '../community/communities.js';
import { Inviter } from '../invitation/inviter.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { welcomeOf } from '../invitation/welcome.rules.js';
import { askedPerDay, mayAskForLink } from './activation.rules.js';
import { ActivationService } from './activation.service.js';
import { LinkRequestRepository, type LinkRequestDoc } from './link-request.repository.js';

const hourMs = 3_600_000;

/**
 * “Send me a new link.” Asking writes a row, whoever asks and whatever for; who it is and whether a mail goes out is found out
 * afterwards. So neither the answer nor its time tells who is known here.
 */
@Injectable()
export class LinkRequests {
  readonly #claimer: DueClaimer<LinkRequestDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly requests: LinkRequestRepository,
    private readonly activation: ActivationService,
    private readonly accounts: AccountRepository,
    private readonly invitations: InvitationRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly inviter: Inviter,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<LinkRequestDoc>('link-requests', {
      repository: requests,
      handleAlone: (doc) => this.#lookInto(doc),
      onGiveUp: () => Promise.resolve(), // they will ask again
    });
  }

  async ask(input: ParsedInputOf<typeof requestNewLink>, call: Call): Promise<Record<string, never>> {
    const found = 'token' in input ? await this.activation.genuine(input.token) : null;
    const link = found && { orgId: found.invitation.orgId, invitationId: found.invitation._id };
    return this.work.run(call, async (tx) => {
      await this.requests.insert(tx, {
        _id: this.ids.next('ask'),
        email: 'email' in input ? input.email : null,
        link,
        mailed: [],
        goneAt: new Date(tx.now.getTime() + hourMs),
        due: dueAt(tx.now),
      });
      tx.afterCommit(() => {
        this.#claimer.wake();
      });
      return {};
    });
  }

  /** Of several people who share an address, each gets their own, and once, however often this is interrupted. */
  async #lookInto(request: LinkRequestDoc): Promise<void> {
    for (const { orgId, _id: personId } of await this.#meant(request))
      await this.work.run(systemCause('onboarding', orgId, this.ids), async (tx) => {
        const known = await this.requests.get(request._id, { tx });
        if (known.mailed.includes(personId)) return;
        await this.requests.save(tx, { ...known, mailed: [...known.mailed, personId] });
        await this.#send(tx, await this.keeper.load(tx, orgId, personId));
      });
  }

  async #meant({ email, link }: LinkRequestDoc): Promise<AccountDoc[]> {
    if (email !== null) return this.accounts.invitedAt(email);
    if (link === null) return [];
    const { orgId, invitationId } = link;
    const invitation = await this.invitations.findOne({ orgId, _id: invitationId });
    const account = invitation && (await this.accounts.findOne({ orgId, _id: invitation.personId }));
    return account ? [account] : [];
  }

  /** A link that works is mailed once more: no stranger who asks makes the one useless that somebody has. */
  async #send(tx: Tx, draft: Draft): Promise<void> {
    const { account } = draft;
    const { standing } = account;
    const to = addressee(account.members);
    const member = account.members.find(({ residentId }) => residentId === to?.residentId);
    if (!mayAskForLink(standing) || member === undefined) return;
    const rules = await this.communities.rules(tx.orgId, member.propertyId, tx);
    const suppressed = await this.suppressed.among(tx.orgId, member.email === null ? [] : [member.email]);
    const at = { now: tx.now, perPersonPerDay: askedPerDay, suppressed, again: true };
    const welcome = welcomeOf({ ...account, mailedAt: account.askedAt }, member, at);
    if (!welcome.send) return;
    const by = `resident:${account._id}` as const;
    if (standing.status === 'pending-activation' && isOpen(standing, standing.invitationId, tx.now))
      await this.inviter.mailAgain(tx, draft, standing.invitationId);
    else await this.inviter.invite(tx, draft, { member, email: welcome.email, cause: 'asked', by }, rules);
    await this.keeper.save(tx, draft, rules.timetable);
  }
}
