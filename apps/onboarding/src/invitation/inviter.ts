import {
  invitationReminded,
  invitationSent,
  invitationWithdrawn,
  type ActorRef,
  type GoLiveId,
  type InvitationCause,
  type InvitationId,
} from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Draft } from '../account/account-keeper.js';
import type { MemberDoc } from '../account/account.repository.js';
import { invited, withdrawn, type Email } from '../account/standing.rules.js';
import type { PropertyRules } from '../community/communities.js';
import { invitationMail } from './invitation-mail.js';
import { InvitationRepository, type InvitationDoc } from './invitation.repository.js';
import { MailWithdrawals } from './mail-withdrawals.js';
import { afterQuiet } from './timetable.rules.js';
import { mailedWithinDay } from './welcome.rules.js';

export interface Ask {
  readonly member: MemberDoc;
  readonly email: Email;
  readonly cause: InvitationCause;
  readonly by: ActorRef;
  /** When the mail goes out, where that is not now. */
  readonly at?: Date | null;
  readonly goLiveId?: GoLiveId | undefined;
  /** Somebody waits for it: it goes before those that go out to many. */
  readonly awaited?: boolean;
}

/** Nobody pressed a button for these, so they do not ring at night. */
const unasked: readonly InvitationCause[] = ['new', 'access-opened', 'email-known', 'email-changed', 'reminder'];

/** Links: made, mailed, replaced, withdrawn. Whether somebody may have one is decided before, by `welcomeOf`. */
@Injectable()
export class Inviter {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly withdrawals: MailWithdrawals,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async invite(tx: Tx, draft: Draft, ask: Ask, rules: PropertyRules): Promise<InvitationDoc> {
    const { member, email, cause, by } = ask;
    await this.#end(tx, draft, 'replaced', 'A newer link took its place.');
    const wanted = ask.at ?? tx.now;
    const at =
      unasked.includes(cause) || ask.at ? afterQuiet(wanted, rules.settings.quietHours, rules.community.timeZone) : wanted;
    const later = at > tx.now;
    const doc = await this.invitations.insert(tx, {
      _id: this.ids.next('invi'),
      orgId: draft.account.orgId,
      personId: draft.account._id,
      residentId: member.residentId,
      propertyId: member.propertyId,
      name: member.name,
      firstName: member.firstName,
      email,
      cause,
      ...(ask.goLiveId !== undefined && { goLiveId: ask.goLiveId }),
      state: 'planned',
      endedBecause: null,
      endedAt: null,
      plannedFor: at,
      sentAt: null,
      expiresAt: null,
      openedAt: null,
      mail: { state: 'planned', reason: null, at: tx.now, version: 0 },
      remindersSent: 0,
      askedSent: 0,
      createdBy: by,
    });
    draft.account = {
      ...draft.account,
      invitationId: doc._id,
      planned: { invitationId: doc._id, email, at },
      mail: doc.mail,
      bounced: false,
      renewals: cause === 'reminder' ? draft.account.renewals + 1 : 0,
    };
    return later ? doc : this.send(tx, draft, doc, rules, ask.awaited ?? cause === 'asked');
  }

  /** Its time has come: from now on the link works. */
  async send(tx: Tx, draft: Draft, planned: InvitationDoc, { settings }: PropertyRules, awaited = false): Promise<InvitationDoc> {
    const { account } = draft;
    const sent = { invitationId: planned._id, email: planned.email, at: tx.now, validForSeconds: settings.validForSeconds };
    const standing = invited(account.standing, sent);
    if (standing?.status !== 'pending-activation') return planned;
    const mail = { state: 'queued' as const, reason: null, at: tx.now, version: 0 };
    const { expiresAt } = standing;
    const doc = await this.invitations.save(tx, { ...planned, state: 'open', plannedFor: null, sentAt: tx.now, expiresAt, mail });
    draft.account = {
      ...account,
      standing,
      planned: null,
      closedAt: null,
      mail,
      bounced: false,
      reminders: 0,
      firstInvitedAt: account.firstInvitedAt ?? tx.now,
      invitedAt: tx.now,
      ...(planned.cause === 'asked' ? asked(account, tx.now) : mailed(account, tx.now)),
    };
    tx.effect(invitationMail, { invitationId: doc._id, reminder: 0, awaited }, { key: `${doc._id}:0` });
    draft.told.push({ contract: invitationSent, invitation: doc });
    return doc;
  }

  /** Another mail with the link that they have, because nobody used it yet. */
  async remind(tx: Tx, draft: Draft, invitationId: InvitationId): Promise<void> {
    const { account } = draft;
    const known = await this.invitations.get({ orgId: account.orgId, _id: invitationId }, { tx });
    draft.account = { ...account, ...mailed(account, tx.now) };
    await this.#again(tx, draft, { ...known, remindersSent: known.remindersSent + 1 });
  }

  /** The same, because they asked for it on a page. */
  async mailAgain(tx: Tx, draft: Draft, invitationId: InvitationId): Promise<void> {
    const { account } = draft;
    const known = await this.invitations.get({ orgId: account.orgId, _id: invitationId }, { tx });
    draft.account = { ...account, ...asked(account, tx.now) };
    await this.#again(tx, draft, { ...known, askedSent: known.askedSent + 1 }, true);
  }

  async #again(tx: Tx, draft: Draft, changed: InvitationDoc, awaited = false): Promise<void> {
    const doc = await this.invitations.save(tx, changed);
    const number = doc.remindersSent + doc.askedSent;
    tx.effect(invitationMail, { invitationId: doc._id, reminder: number, awaited }, { key: `${doc._id}:${number}` });
    draft.told.push({ contract: invitationReminded, invitation: doc });
  }

  async withdraw(tx: Tx, draft: Draft, because: string): Promise<void> {
    const doc = await this.#end(tx, draft, 'withdrawn', because);
    const standing = withdrawn(draft.account.standing);
    if (standing !== null) draft.account = { ...draft.account, standing };
    if (doc !== null) draft.told.push({ contract: invitationWithdrawn, invitation: doc });
  }

  /** Its mail was never sent; where they stand stays what it was. */
  async unplan(tx: Tx, draft: Draft, because: string): Promise<void> {
    const ended = await this.#end(tx, draft, 'withdrawn', because);
    if (ended === null) return;
    const mail = { state: 'skipped' as const, reason: because, at: tx.now, version: ended.mail.version };
    const doc = await this.invitations.save(tx, { ...ended, mail });
    draft.account = { ...draft.account, mail };
    draft.told.push({ contract: invitationWithdrawn, invitation: doc });
  }

  /** The last link works no more, planned or sent. One that was used or expired stays what it is. */
  async #end(tx: Tx, draft: Draft, state: 'replaced' | 'withdrawn', because: string): Promise<InvitationDoc | null> {
    const { account } = draft;
    draft.account = { ...account, planned: null };
    if (account.invitationId === null) return null;
    const last = await this.invitations.findOne({ orgId: account.orgId, _id: account.invitationId }, { tx });
    if (last?.state !== 'planned' && last?.state !== 'open' && last?.state !== 'expired') return null;
    this.withdrawals.intend(tx, last, because);
    return this.invitations.save(tx, { ...last, state, endedBecause: because, endedAt: tx.now, plannedFor: null });
  }
}

/** What staff may send in a day is not used up by what others ask for on a page. */
const mailed = ({ mailedAt }: Draft['account'], now: Date) => ({ mailedAt: [...mailedWithinDay(mailedAt, now), now] });
const asked = ({ askedAt }: Draft['account'], now: Date) => ({ askedAt: [...mailedWithinDay(askedAt, now), now] });
