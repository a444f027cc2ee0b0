import { activationExpired } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { Communities, isClosed, type PropertyRules } from '../community/communities.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { Inviter } from '../invitation/inviter.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { nextStep, remindersBy } from '../invitation/timetable.rules.js';
import { welcomeOf } from '../invitation/welcome.rules.js';
import { AccountKeeper, type Draft } from './account-keeper.js';
import { AccountRepository, type AccountDoc } from './account.repository.js';
import { addressee, isHere } from './member.rules.js';
import { expired, type Standing } from './standing.rules.js';

type Pending = Extract<Standing, { status: 'pending-activation' }>;

/** What happens to an account at a time: planned mails, reminders, the end of a link, a new link after it. */
@Injectable()
export class AccountDates {
  constructor(
    accounts: AccountRepository,
    private readonly invitations: InvitationRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly inviter: Inviter,
    background: Background,
  ) {
    background.claimer<AccountDoc>('account-dates', {
      repository: accounts,
      handle: (tx, docs) => Promise.all(docs.map((account) => this.#pass(tx, account))),
      onGiveUp: () => Promise.resolve(), // the log says it; whatever changes the account next sets a new date
    });
  }

  /** The next date anew, by the rules of now. */
  async retime(tx: Tx, account: AccountDoc): Promise<void> {
    const rules = await this.#rulesOf(tx, account);
    if (rules === null) return;
    const next = nextStep(account, rules.timetable, tx.now);
    if (next?.at.getTime() !== account.due?.at.getTime())
      await this.keeper.save(tx, this.keeper.draftOf(account), rules.timetable);
  }

  /** Late, perhaps after an outage, or by rules that changed meanwhile: what is to be done is decided now. */
  async #pass(tx: Tx, account: AccountDoc): Promise<void> {
    const rules = await this.#rulesOf(tx, account);
    if (rules === null) return;
    const draft = this.keeper.draftOf(account);
    const step = nextStep(account, rules.timetable, tx.now);
    if (step !== null && step.at <= tx.now) await this.#take(tx, draft, step.what, rules);
    await this.keeper.save(tx, draft, rules.timetable);
  }

  async #rulesOf(tx: Tx, { orgId, invitationId, members }: AccountDoc): Promise<PropertyRules | null> {
    const invitation = invitationId && (await this.invitations.findOne({ orgId, _id: invitationId }, { tx }));
    const propertyId = invitationId === null ? members[0]?.propertyId : invitation?.propertyId;
    return propertyId === undefined ? null : this.communities.rules(orgId, propertyId, tx);
  }

  async #take(tx: Tx, draft: Draft, what: 'send' | 'remind' | 'expire' | 'renew', rules: PropertyRules): Promise<void> {
    const { account } = draft;
    switch (what) {
      case 'send': {
        if (account.planned === null) return;
        if (isClosed(rules.community)) return this.inviter.withdraw(tx, draft, 'The organization closed.');
        const planned = await this.invitations.get({ orgId: account.orgId, _id: account.planned.invitationId }, { tx });
        await this.inviter.send(tx, draft, planned, rules);
        return;
      }
      case 'remind':
        if (account.standing.status === 'pending-activation') await this.#remind(tx, draft, account.standing, rules);
        return;
      case 'expire':
        return this.#expire(tx, draft);
      case 'renew':
        return this.#renew(tx, draft, rules);
    }
  }

  /** Counted also when it is not sent, so that the next one has its own day. One mail stands for all that are late. */
  async #remind(tx: Tx, draft: Draft, { invitationId, sentAt }: Pending, { timetable }: PropertyRules): Promise<void> {
    if (isHere(draft.account.members)) await this.inviter.remind(tx, draft, invitationId);
    draft.account = { ...draft.account, reminders: remindersBy(draft.account, sentAt, timetable, tx.now) };
  }

  async #expire(tx: Tx, draft: Draft): Promise<void> {
    const { account } = draft;
    const standing = expired(account.standing, tx.now);
    if (standing?.status !== 'activation-expired') return;
    const open = await this.invitations.get({ orgId: account.orgId, _id: standing.invitationId }, { tx });
    const endedBecause = 'Nobody used it in its time.';
    const invitation = await this.invitations.save(tx, { ...open, state: 'expired', endedBecause, endedAt: standing.expiresAt });
    draft.account = { ...account, standing };
    draft.told.push({ contract: activationExpired, invitation });
  }

  async #renew(tx: Tx, draft: Draft, rules: PropertyRules): Promise<void> {
    const { account } = draft;
    const member = addressee(account.members);
    const known = account.members.find(({ residentId }) => residentId === member?.residentId);
    const suppressed = await this.suppressed.among(tx.orgId, member?.email == null ? [] : [member.email]);
    const { perPersonPerDay } = rules.settings;
    const welcome = known && welcomeOf(account, known, { now: tx.now, perPersonPerDay, suppressed, again: false });
    if (known && welcome?.send === true)
      await this.inviter.invite(
        tx,
        draft,
        { member: known, email: welcome.email, cause: 'reminder', by: 'service:onboarding' },
        rules,
      );
    else draft.account = { ...account, renewals: rules.settings.reminders.most };
  }
}
