import {
  ResidentId,
  resendJob,
  resolveAudience,
  type JobView,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
  type previewResend,
  type PropertyScope,
  type resendInvitations,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type Call, type Clock, type Ids } from '@leasewire/messaging';
import { Jobs, type ItemResult, type JobItem, type JobItemSeed, type JobOf, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountKeeper, type Draft } from '../account/account-keeper.js';
import { AccountRepository, type AccountDoc, type MemberDoc } from '../account/account.repository.js';
import { Communities } from '../community/communities.js';
import { Inviter } from './inviter.js';
import { SuppressedRepository } from './suppression.repository.js';
import { awaitsAddress, mailedWithinDay, noWelcomeWords, welcomeOf } from './welcome.rules.js';

type Selection = ParsedInputOf<typeof resendInvitations>['selection'];
type Result = ItemResult<{ invitationId: AccountDoc['invitationId'] & string; mail: 'queued' | 'planned'; again: boolean }>;

/** The welcome mail for the first time or again: to one, several, or all that a filter finds. */
@Injectable()
export class ResendService {
  constructor(
    private readonly jobs: Jobs,
    private readonly accounts: AccountRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly inviter: Inviter,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {
    jobs.define(resendJob, {
      items: (job, after) => this.#items(job, after),
      run: (tx, items, job) => this.#run(tx, items, job),
      chunk: 20,
    });
  }

  async start({ selection, skipInvitedInLastDay }: ParsedInputOf<typeof resendInvitations>, call: Call): Promise<JobView> {
    return this.jobs.start(call, resendJob, { selection, skipInvitedInLastDay, properties: call.actor.properties });
  }

  /** The same rule over the same people, without a mail. */
  async preview({ selection }: ParsedInputOf<typeof previewResend>, call: Call): Promise<OutputOf<typeof previewResend>> {
    const { orgId, actor } = call;
    const now = this.clock.now();
    const not: OutputOf<typeof previewResend>['not'] = {};
    const examples: OutputOf<typeof previewResend>['examples'] = [];
    const invited = new Set<string>();
    let [people, welcome, invitedInLastDay] = [0, 0, 0];
    for await (const ids of this.#selected(orgId, selection, actor.properties)) {
      for (const { account, member } of await this.#known(orgId, ids)) {
        people += 1;
        const reason = invited.has(account._id) ? 'already-invited' : await this.#reason(account, member, now);
        if (reason !== null) not[reason] = (not[reason] ?? 0) + 1;
        else {
          welcome += 1;
          invited.add(account._id);
          if (mailedWithinDay(account.mailedAt, now).length > 0) invitedInLastDay += 1;
          const at = mailedWithinDay(account.mailedAt, now).at(-1);
          if (at && examples.length < 20)
            examples.push({ residentId: member.residentId, name: member.name, invitedAt: at.toISOString() });
        }
      }
    }
    return { people, welcome, not, invitedInLastDay, examples };
  }

  async #reason(account: AccountDoc, member: MemberDoc, now: Date) {
    const { settings } = await this.communities.rules(account.orgId, member.propertyId);
    const suppressed = await this.suppressed.among(account.orgId, member.email === null ? [] : [member.email]);
    const welcome = welcomeOf(account, member, { now, perPersonPerDay: settings.perPersonPerDay, suppressed, again: true });
    return welcome.send ? null : welcome.reason;
  }

  async #known(orgId: OrgId, ids: readonly ResidentId[]) {
    const accounts = await this.accounts.find({ orgId, 'members.residentId': { $in: [...ids] } });
    const wanted = new Set<string>(ids);
    return accounts.flatMap((account) =>
      account.members.filter(({ residentId }) => wanted.has(residentId)).map((member) => ({ account, member })),
    );
  }

  async *#items(job: JobOf<typeof resendJob>, after: string | null): AsyncIterable<JobItemSeed> {
    for await (const ids of this.#selected(job.orgId, job.input.selection, job.input.properties))
      for (const key of ids) if (after === null || key > after) yield { key };
  }

  /** In the order of ids, so that whoever begins again knows where. */
  async *#selected(orgId: OrgId, selection: Selection, properties: PropertyScope): AsyncIterable<ResidentId[]> {
    let cursor: string | undefined;
    do {
      const via = { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
      const page = await this.rpc.call(
        resolveAudience,
        { selection, properties, limit: 500, ...(cursor !== undefined && { cursor }) },
        via,
      );
      yield page.items.map(({ residentId }) => residentId);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async #run(tx: Tx, items: readonly JobItem[], job: JobOf<typeof resendJob>): Promise<Result[]> {
    const results: Result[] = [];
    for (const item of items) results.push(await this.#one(tx, ResidentId.parse(item.key), job));
    return results;
  }

  async #one(tx: Tx, residentId: ResidentId, job: JobOf<typeof resendJob>): Promise<Result> {
    const { orgId } = job;
    const account = await this.accounts.findOne({ orgId, 'members.residentId': residentId }, { tx });
    const member = account?.members.find((one) => one.residentId === residentId);
    if (!account || !member) return skipped('not-found');
    // somebody who lives in two properties is in it twice, and gets one mail
    if (account.byJob === job.id) return skipped('already-invited');
    const last = mailedWithinDay(account.mailedAt, tx.now).at(-1);
    if (job.input.skipInvitedInLastDay && last !== undefined)
      return {
        state: 'skipped',
        reason: { code: 'invited-recently', message: `Invited within the last 24 hours, at ${last.toISOString()}.` },
      };
    const rules = await this.communities.rules(orgId, member.propertyId, tx);
    const suppressed = await this.suppressed.among(orgId, member.email === null ? [] : [member.email]);
    const { perPersonPerDay } = rules.settings;
    const welcome = welcomeOf(account, member, { now: tx.now, perPersonPerDay, suppressed, again: true });
    const draft: Draft = this.keeper.draftOf(account);
    if (!welcome.send) {
      if (awaitsAddress(welcome.reason)) await this.#wait(tx, draft, member, rules.timetable);
      return skipped(welcome.reason);
    }
    const { email } = welcome;
    const ask = { member, email, cause: 'resend' as const, by: job.createdBy, awaited: isAFew(job.input.selection) };
    const doc = await this.inviter.invite(tx, draft, ask, rules);
    draft.account = { ...draft.account, byJob: job.id };
    await this.keeper.save(tx, draft, rules.timetable);
    return {
      state: 'done',
      outcome: { invitationId: doc._id, mail: doc.state === 'open' ? 'queued' : 'planned', again: account.invitedAt !== null },
    };
  }

  async #wait(tx: Tx, draft: Draft, member: MemberDoc, timetable: Parameters<AccountKeeper['save']>[2]): Promise<void> {
    if (member.waitsForEmail) return;
    const members = draft.account.members.map((one) =>
      one.residentId === member.residentId ? { ...one, waitsForEmail: true } : one,
    );
    draft.account = { ...draft.account, members };
    await this.keeper.save(tx, draft, timetable);
  }
}

const skipped = (reason: keyof typeof noWelcomeWords): Result => ({
  state: 'skipped',
  reason: { code: reason, message: noWelcomeWords[reason] },
});

/** Named one by one: somebody on the phone waits for the mail. */
const isAFew = (selection: Selection): boolean => 'ids' in selection && selection.ids.length <= 25;
