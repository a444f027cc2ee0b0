import { isNewer, type EntityVersion, type OrgId, type Resident } from '@leasewire/contracts';
import type { Cause } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Communities, type PropertyRules } from '../community/communities.js';
import { GoLiveItems, type ImportOutcome } from '../go-live/go-live-items.js';
import { ServiceStarts } from '../go-live/service-starts.js';
import { Inviter } from '../invitation/inviter.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { awaitsAddress, orLater, welcomeOf, type Welcome } from '../invitation/welcome.rules.js';
import { isNewcomer } from '../newcomer/newcomer.rules.js';
import { Newcomers } from '../newcomer/newcomers.js';
import { AccountKeeper, type Draft } from './account-keeper.js';
import type { MemberDoc } from './account.repository.js';
import { addressee, memberOf, reactionTo, type Reaction } from './member.rules.js';

export interface Told {
  readonly resident: Resident;
  readonly version: EntityVersion;
  /** directory says that somebody imported them just now. */
  readonly imported: boolean;
}

/** What directory tells of people, and what follows for their invitations. */
@Injectable()
export class AccountFeed {
  constructor(
    private readonly work: UnitOfWork,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly inviter: Inviter,
    private readonly goLiveItems: GoLiveItems,
    private readonly starts: ServiceStarts,
    private readonly newcomers: Newcomers,
  ) {}

  async hear(cause: Cause, orgId: OrgId, told: Told): Promise<void> {
    await this.communities.known(orgId, told.resident.propertyId);
    await this.work.run(cause, (tx) => this.apply(tx, told));
  }

  /** `quietly`: what a rebuild reads is old news; it invites nobody. */
  async apply(tx: Tx, { resident, version, imported }: Told, { quietly = false } = {}): Promise<void> {
    const { orgId } = tx;
    const rules = await this.communities.rules(orgId, resident.propertyId, tx);
    const draft = await this.keeper.load(tx, orgId, resident.personId);
    if (draft.account.erasedAt !== null) return;
    const before = draft.account.members.find(({ residentId }) => residentId === resident.id);
    if (before !== undefined && isNewer(before.known, version)) return;
    const after: MemberDoc = {
      ...memberOf(resident, before, tx.now),
      userTypes: [...resident.userTypes],
      goLive: before?.goLive ?? null,
      known: { epoch: version.epoch, version: version.version },
    };
    const members = [...draft.account.members.filter(({ residentId }) => residentId !== after.residentId), after];
    draft.account = { ...draft.account, members: members.toSorted((a, b) => (a.residentId < b.residentId ? -1 : 1)) };
    if (!quietly) await this.#react(tx, draft, { before, after, imported }, rules);
    await this.keeper.save(tx, draft, rules.timetable);
  }

  async #react(
    tx: Tx,
    draft: Draft,
    change: { before: MemberDoc | undefined; after: MemberDoc; imported: boolean },
    rules: PropertyRules,
  ): Promise<void> {
    const { community, settings } = rules;
    const property = { kind: community.kind, started: community.started, newPeople: settings.newPeople };
    if (isNewcomer(change, property)) await this.newcomers.note(tx, draft.account._id, change.after, community);
    const reaction = reactionTo(change, draft.account, property);
    if (reaction.withdraw !== null) await this.inviter.withdraw(tx, draft, reaction.withdraw.because);
    if (reaction.waits) this.#await(draft);
    const welcome = await this.#invite(tx, draft, change.after, reaction, rules);
    if (reaction.invite === 'import' && community.kind === 'strata' && !community.started) this.starts.intend(tx, community._id);
    if (change.after.goLive === null || change.after.state === 'pending-import') return;
    await this.goLiveItems.settle(tx, change.after.goLive.jobId, change.after, outcomeOf(draft, welcome));
    this.#note(draft, change.after, { goLive: null });
  }

  async #invite(tx: Tx, draft: Draft, after: MemberDoc, reaction: Reaction, rules: PropertyRules): Promise<Welcome | null> {
    if (reaction.invite === null) return null;
    const to = reaction.invite === 'email-changed' ? addressee(draft.account.members, after.residentId) : after;
    const member = draft.account.members.find(({ residentId }) => residentId === to?.residentId);
    if (member === undefined) return null;
    const ask = after.state === 'active' ? after.goLive : null;
    const suppressed = await this.suppressed.among(tx.orgId, member.email === null ? [] : [member.email]);
    const { perPersonPerDay } = rules.settings;
    const at = { now: tx.now, perPersonPerDay, suppressed, again: reaction.invite === 'email-changed' };
    const welcome = orLater(welcomeOf(draft.account, member, at), member, reaction.invite, draft.account.mailedAt, at);
    if (welcome.send) {
      const cause = ask === null ? reaction.invite : 'go-live';
      const by = ask?.by ?? (tx.cause.kind === 'call' ? tx.cause.actor.ref : tx.cause.actor);
      const when = { at: ask?.at ?? welcome.at ?? null, goLiveId: ask?.goLiveId };
      await this.inviter.invite(tx, draft, { member, email: welcome.email, cause, by, ...when }, rules);
    }
    this.#note(draft, member, { waitsForEmail: !welcome.send && awaitsAddress(welcome.reason) });
    return welcome;
  }

  #await(draft: Draft): void {
    for (const member of draft.account.members)
      if (member.state === 'active' && member.email === null) this.#note(draft, member, { waitsForEmail: true });
  }

  #note(draft: Draft, { residentId }: MemberDoc, facts: Partial<MemberDoc>): void {
    const members = draft.account.members.map((member) => (member.residentId === residentId ? { ...member, ...facts } : member));
    draft.account = { ...draft.account, members };
  }
}

function outcomeOf({ account }: Draft, welcome: Welcome | null): ImportOutcome {
  if (welcome?.send === true) return { mail: account.planned === null ? 'queued' : 'planned', reason: null };
  return { mail: 'none', reason: welcome?.send === false ? welcome.reason : 'already-invited' };
}
