import { goLiveJob, JobId, ResidentId, type NoWelcomeReason } from '@leasewire/contracts';
import {
  Effects,
  Jobs,
  type ItemResult,
  type JobItem,
  type JobItemSeed,
  type JobOf,
  type SettledEffect,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccountKeeper } from '../account/account-keeper.js';
import { AccountRepository, type MemberDoc } from '../account/account.repository.js';
import { Communities } from '../community/communities.js';
import { Inviter } from '../invitation/inviter.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { spread } from '../invitation/timetable.rules.js';
import { noWelcomeWords, welcomeOf } from '../invitation/welcome.rules.js';
import { GoLiveItems } from './go-live-items.js';
import { GoLivePersonRepository, GoLiveRepository } from './go-live.repository.js';
import { GoLiveService } from './go-live.service.js';
import { DirectoryImports, NotImported } from './directory-imports.js';

const importEffect = 'go-live-import';
const Payload = z.object({ jobId: JobId, residentIds: z.array(ResidentId) });
const Seed = z.object({ n: z.int(), of: z.int() });
type Result = ItemResult<{ imported: boolean; mail: 'queued' | 'planned' | 'none'; reason: NoWelcomeReason | null }>;

/** What a Go Live does: has its people imported by directory, which tells of each, and then the welcome mail goes out. */
@Injectable()
export class GoLiveRun {
  constructor(
    jobs: Jobs,
    effects: Effects,
    private readonly goLives: GoLiveRepository,
    private readonly people: GoLivePersonRepository,
    private readonly service: GoLiveService,
    private readonly accounts: AccountRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly inviter: Inviter,
    private readonly items: GoLiveItems,
    private readonly imports: DirectoryImports,
  ) {
    jobs.define(goLiveJob, {
      items: (job, after) => this.#items(job, after),
      run: (tx, some, job) => this.#run(tx, some, job),
      onFinished: (tx, job) => this.service.finish(tx, job),
      chunk: 50,
    });
    effects.define(importEffect, {
      payload: Payload,
      attempt: (effect) => this.imports.over(effect, effect.payload.residentIds),
      reconcile: (effect) => this.imports.over(effect, effect.payload.residentIds),
      onSettled: async (tx, settled) => {
        for (const one of settled) for (const not of notImported(one)) await this.#failed(tx, one.payload.jobId, not);
      },
      maxAttempts: 500,
      backoff: { firstMs: 300, mostMs: 30_000 },
      // repeating it is harmless, so what a process that died had begun is begun again soon
      timeoutMs: 12_000,
      leaseMs: 15_000,
    });
  }

  async *#items({ orgId, input }: JobOf<typeof goLiveJob>, after: string | null): AsyncIterable<JobItemSeed> {
    const goLive = await this.goLives.get({ orgId, _id: input.goLiveId });
    const behind = after === null ? {} : { residentId: { $gt: ResidentId.parse(after) } };
    const all = this.people.stream({ orgId, goLiveId: goLive._id, ...behind }, { sort: { residentId: 1 } });
    for await (const { residentId, n } of all) yield { key: residentId, data: { n, of: goLive.totals.welcome } };
  }

  async #run(tx: Tx, some: readonly JobItem[], job: JobOf<typeof goLiveJob>): Promise<Result[]> {
    const goLive = await this.goLives.get({ orgId: job.orgId, _id: job.input.goLiveId }, { tx });
    const importing: ResidentId[] = [];
    const results: Result[] = [];
    for (const { key, data } of some) {
      const residentId = ResidentId.parse(key);
      const { n, of } = Seed.parse(data);
      const at = spread(n, of, goLive.spreadDays, goLive.startedAt ?? tx.now);
      const result = await this.#one(tx, residentId, {
        jobId: job.id,
        goLiveId: goLive._id,
        by: goLive.startedBy ?? job.createdBy,
        at,
      });
      if (result.state === 'doing') importing.push(residentId);
      results.push(result);
    }
    if (importing.length > 0) tx.effect(importEffect, { jobId: job.id, residentIds: importing });
    return results;
  }

  async #one(tx: Tx, residentId: ResidentId, goLive: NonNullable<MemberDoc['goLive']>): Promise<Result> {
    const account = await this.accounts.findOne({ orgId: tx.orgId, 'members.residentId': residentId }, { tx });
    const member = account?.members.find((one) => one.residentId === residentId);
    if (!account || !member || member.state === 'archived') return left(member === undefined ? 'not-found' : 'archived');
    const draft = this.keeper.draftOf(account);
    const rules = await this.communities.rules(tx.orgId, member.propertyId, tx);
    if (member.state === 'pending-import' && member.goLive !== null && member.goLive.jobId !== goLive.jobId)
      return {
        state: 'skipped',
        reason: { code: 'being-imported', message: 'Another Go Live is importing them at this moment.' },
      };
    if (member.state === 'pending-import') {
      const members = account.members.map((one) => (one.residentId === residentId ? { ...one, goLive } : one));
      draft.account = { ...account, members };
      await this.keeper.save(tx, draft, rules.timetable);
      return { state: 'doing' };
    }
    const suppressed = await this.suppressed.among(tx.orgId, member.email === null ? [] : [member.email]);
    const { perPersonPerDay } = rules.settings;
    const welcome = welcomeOf(account, member, { now: tx.now, perPersonPerDay, suppressed, again: false });
    if (!welcome.send) return { state: 'done', outcome: { imported: true, mail: 'none', reason: welcome.reason } };
    const ask = {
      member,
      email: welcome.email,
      cause: 'go-live' as const,
      by: goLive.by,
      at: goLive.at,
      goLiveId: goLive.goLiveId,
    };
    const doc = await this.inviter.invite(tx, draft, ask, rules);
    await this.keeper.save(tx, draft, rules.timetable);
    return { state: 'done', outcome: { imported: true, mail: doc.state === 'open' ? 'queued' : 'planned', reason: null } };
  }

  async #failed(tx: Tx, jobId: JobId, { id: residentId, reason }: NotImported[number]): Promise<void> {
    const account = await this.accounts.findOne({ orgId: tx.orgId, 'members.residentId': residentId }, { tx });
    const member = account?.members.find((one) => one.residentId === residentId);
    if (!account || member?.goLive?.jobId !== jobId) return;
    await this.items.fail(tx, jobId, residentId, reason);
    const draft = this.keeper.draftOf(account);
    draft.account = { ...account, members: account.members.map((one) => (one === member ? { ...one, goLive: null } : one)) };
    await this.keeper.save(tx, draft, (await this.communities.rules(tx.orgId, member.propertyId, tx)).timetable);
  }
}

function notImported({ state, payload, outcome, reason }: SettledEffect<z.output<typeof Payload>>): NotImported {
  if (state === 'done') return NotImported.parse(outcome);
  if (state !== 'failed') return [];
  return payload.residentIds.map((id) => ({ id, reason: reason ?? 'directory did not import them.' }));
}

const left = (reason: 'not-found' | 'archived'): Result => ({
  state: 'skipped',
  reason: { code: reason, message: `Left since the estimate: ${noWelcomeWords[reason]}` },
});
