import type { ParsedInputOf, requestNewLink } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type DueClaimer, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountKeeper } from '../account/account-keeper.js';
import { AccountRepository, type AccountDoc } from '../account/account.repository.js';
import { addressee } from '../account/member.rules.js';
import { Communities } from '../community/communities.js';
import { Inviter } from '../invitation/inviter.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { welcomeOf } from '../invitation/welcome.rules.js';
import { mayAskForLink } from './activation.rules.js';
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
        goneAt: new Date(tx.now.getTime() + hourMs),
        due: dueAt(tx.now),
      });
      tx.afterCommit(() => {
        this.#claimer.wake();
      });
      return {};
    });
  }

  async #lookInto({ email, link }: LinkRequestDoc): Promise<void> {
    for (const account of await this.#meant(email, link)) await this.#send(account);
  }

  /** Of several people who share an address, each gets their own. */
  async #meant(email: LinkRequestDoc['email'], link: LinkRequestDoc['link']): Promise<AccountDoc[]> {
    if (email !== null) return this.accounts.byEmail(email);
    if (link === null) return [];
    const { orgId, invitationId } = link;
    const invitation = await this.invitations.findOne({ orgId, _id: invitationId });
    const account = invitation && (await this.accounts.findOne({ orgId, _id: invitation.personId }));
    return account ? [account] : [];
  }

  async #send({ orgId, _id }: AccountDoc): Promise<void> {
    await this.work.run(systemCause('onboarding', orgId, this.ids), async (tx) => {
      const draft = await this.keeper.load(tx, orgId, _id);
      if (!mayAskForLink(draft.account.standing)) return;
      const to = addressee(draft.account.members);
      const member = draft.account.members.find(({ residentId }) => residentId === to?.residentId);
      if (member === undefined) return;
      await this.#invite(tx, draft, member);
    });
  }

  async #invite(
    tx: Tx,
    draft: Parameters<Inviter['invite']>[1],
    member: Parameters<Inviter['invite']>[2]['member'],
  ): Promise<void> {
    const rules = await this.communities.rules(tx.orgId, member.propertyId, tx);
    const suppressed = await this.suppressed.among(tx.orgId, member.email === null ? [] : [member.email]);
    const { perPersonPerDay } = rules.settings;
    const welcome = welcomeOf(draft.account, member, { now: tx.now, perPersonPerDay, suppressed, again: true });
    if (!welcome.send) return;
    const by = `resident:${draft.account._id}` as const;
    await this.inviter.invite(tx, draft, { member, email: welcome.email, cause: 'asked', by }, rules);
    await this.keeper.save(tx, draft, rules.timetable);
  }
}
