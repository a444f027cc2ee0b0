import {
  DomainError,
  goLiveFinished,
  goLiveJob,
  goLiveStarted,
  permits,
  type estimateGoLive,
  type estimateStartMails,
  type GoLive,
  type JobView,
  type OutputOf,
  type ParsedInputOf,
  type PropertyId,
  type startGoLive,
} from '@leasewire/contracts';
import type { Call, Clock, Ids } from '@leasewire/messaging';
import { Jobs, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { assertSees } from '../property-scope.rules.js';
import { acknowledgementOf, rowOf, totalsOf } from './estimate.rules.js';
import { GoLiveEstimates, type Pinned } from './go-live-estimates.js';
import { GoLiveWithdrawals } from './go-live-withdrawals.js';
import { GoLivePersonRepository, GoLiveRepository, toGoLive, type GoLiveDoc } from './go-live.repository.js';
import { ServiceStarts } from './service-starts.js';

const validMs = 3_600_000;
const keptMs = 90 * 86_400_000;

/** An estimate, and what somebody makes of it. */
@Injectable()
export class GoLiveService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly jobs: Jobs,
    private readonly goLives: GoLiveRepository,
    private readonly people: GoLivePersonRepository,
    private readonly estimates: GoLiveEstimates,
    private readonly starts: ServiceStarts,
    private readonly withdrawals: GoLiveWithdrawals,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async estimate(input: ParsedInputOf<typeof estimateGoLive>, call: Call): Promise<OutputOf<typeof estimateGoLive>> {
    assertBoth(call);
    const { orgId, actor } = call;
    const propertyIds = [...new Set(input.propertyIds)];
    for (const id of propertyIds) assertSees(actor, id, 'property');
    const rules = await this.estimates.rulesOf(orgId, propertyIds);
    const basis = await this.estimates.basis(orgId, rules);
    const pinned = await this.estimates.people(orgId, rules, input.userTypes, this.clock.now());
    const spreadDays = input.spreadDays ?? Math.max(...[...rules.values()].map(({ settings }) => settings.spreadDays));
    const totals = totalsOf(pinned);
    const starting = [...rules.values()].filter(({ community }) => community.kind === 'rental' && !community.started).length;
    const properties = [...rules].map(([propertyId, { community }]) =>
      rowOf({ propertyId, name: community.name, startsService: !community.started }, pinned, input.userTypes),
    );
    const doc = await this.work.run(call, async (tx) => {
      const validUntil = new Date(tx.now.getTime() + validMs);
      const saved = await this.goLives.insert(tx, {
        _id: this.ids.next('gol'),
        orgId,
        state: 'estimated',
        propertyIds,
        userTypes: input.userTypes,
        spreadDays,
        properties,
        totals,
        acknowledgement: acknowledgementOf(totals, { properties: propertyIds.length, starting, days: spreadDays }),
        basis,
        validUntil,
        jobId: null,
        createdBy: actor.ref,
        startedBy: null,
        startedAt: null,
        finishedAt: null,
        goneAt: new Date(tx.now.getTime() + 86_400_000),
      });
      await this.#pin(tx, saved, pinned);
      return saved;
    });
    const token = await this.estimates.token(orgId, doc._id, basis);
    return { ...toGoLive(doc, doc.createdAt), confirmation: { token, validUntil: doc.validUntil.toISOString() } };
  }

  /** Of Start service alone: no type is chosen, so nobody who is pending counts. */
  async startMails(propertyId: PropertyId, { orgId, actor }: Call): Promise<OutputOf<typeof estimateStartMails>> {
    assertSees(actor, propertyId, 'property');
    const rules = await this.estimates.rulesOf(orgId, [propertyId]);
    return totalsOf(await this.estimates.people(orgId, rules, [], this.clock.now()));
  }

  async start(input: ParsedInputOf<typeof startGoLive>, call: Call): Promise<JobView> {
    assertBoth(call);
    const { orgId } = call;
    const known = await this.visible(call, input.goLiveId);
    if (known.jobId !== null) return this.jobs.get(call, known.jobId);
    if (!input.understood)
      throw new DomainError('go-live.not-understood', `Confirm first that you understand: ${known.acknowledgement}`);
    if (this.clock.now() > known.validUntil)
      throw new DomainError('go-live.lapsed', 'This estimate is more than an hour old. Make a new one and confirm that.');
    const basis = await this.estimates.basis(orgId, await this.estimates.rulesOf(orgId, known.propertyIds));
    if (input.token !== (await this.estimates.token(orgId, known._id, basis)))
      throw new DomainError(
        'go-live.estimate-changed',
        'A setting or the text of the welcome mail changed since this estimate. Make a new one, look again and confirm.',
      );
    return this.work.run(call, (tx) => this.#begin(tx, call, known));
  }

  /** What is under way at directory ends first; only then it is known which mails it has planned. */
  async cancel(goLiveId: GoLiveDoc['_id'], call: Call): Promise<GoLive> {
    assertBoth(call);
    await this.visible(call, goLiveId);
    return this.work.run(call, async (tx) => {
      const { jobId } = await this.goLives.get({ orgId: call.orgId, _id: goLiveId }, { tx });
      if (jobId === null) throw new DomainError('conflict.state', 'This Go Live was not started; there is nothing to cancel.');
      const job = await this.jobs.stop(tx, jobId);
      const doc = await this.goLives.get({ orgId: call.orgId, _id: goLiveId }, { tx });
      if (job.state === 'cancelling' || doc.state === 'cancelled') return toGoLive(doc, tx.now);
      if (!(await this.withdrawals.hasPlanned(tx, goLiveId)))
        throw new DomainError('conflict.state', 'All of its mails were sent; there is nothing left to cancel.');
      return toGoLive(await this.#end(tx, doc, 'cancelled'), tx.now);
    });
  }

  async get(id: GoLiveDoc['_id'], call: Call): Promise<GoLive> {
    return toGoLive(await this.visible(call, id), this.clock.now());
  }

  /** All of its properties, or it is not there for them: a part of it would tell wrong numbers. */
  async visible({ orgId, actor }: Call, _id: GoLiveDoc['_id']): Promise<GoLiveDoc> {
    const doc = await this.goLives.get({ orgId, _id });
    for (const propertyId of doc.propertyIds) assertSees(actor, propertyId, 'Go Live');
    return doc;
  }

  /**
   * In the transaction that ends the job. Only now the service of a rental starts: whoever has their mail by then, sent or
   * planned, gets none because access opens.
   */
  async finish(tx: Tx, { id: jobId, state }: JobView): Promise<void> {
    const doc = await this.goLives.findOne({ orgId: tx.orgId, jobId }, { tx });
    if (doc === null) return;
    if (state === 'done')
      for (const { propertyId, startsService } of doc.properties) if (startsService) this.starts.intend(tx, propertyId, doc._id);
    await this.#end(tx, doc, state === 'cancelled' || state === 'failed' ? state : 'done');
  }

  async #end(tx: Tx, doc: GoLiveDoc, state: 'done' | 'cancelled' | 'failed'): Promise<GoLiveDoc> {
    const withdrawal = state === 'cancelled' && { withdrawalJobId: (await this.withdrawals.begin(tx, doc._id)).id };
    const saved = await this.goLives.save(tx, { ...doc, ...withdrawal, state, finishedAt: tx.now });
    tx.publish(goLiveFinished, { goLive: toGoLive(saved, tx.now) }, about(saved));
    return saved;
  }

  /** Two clicks, two people: who comes second finds the job of the first. */
  async #begin(tx: Tx, call: Call, { orgId, _id }: GoLiveDoc): Promise<JobView> {
    const doc = await this.goLives.get({ orgId, _id }, { tx });
    if (doc.jobId !== null) return this.jobs.get(call, doc.jobId);
    const job = await this.jobs.begin(tx, goLiveJob, { goLiveId: _id });
    const { goneAt: _goneAt, ...rest } = doc;
    const started = { startedBy: call.actor.ref, startedAt: tx.now, jobId: job.id };
    const saved = await this.goLives.save(tx, { ...rest, state: 'running', ...started });
    tx.publish(goLiveStarted, { goLive: toGoLive(saved, tx.now) }, about(saved));
    return job;
  }

  async #pin(tx: Tx, { _id: goLiveId, orgId }: GoLiveDoc, pinned: readonly Pinned[]): Promise<void> {
    const goneAt = new Date(tx.now.getTime() + keptMs);
    let n = 0;
    const rows = pinned.map(({ account, member, reason }) => ({
      _id: `${goLiveId}:${member.residentId}`,
      orgId,
      goLiveId,
      personId: account._id,
      residentId: member.residentId,
      propertyId: member.propertyId,
      name: member.name,
      email: member.email,
      userTypes: member.userTypes,
      welcome: reason === null,
      reason,
      n: reason === null ? n++ : n,
      goneAt,
    }));
    for (let from = 0; from < rows.length; from += 1000) await this.people.insertMany(tx, rows.slice(from, from + 1000));
  }
}

/** The route and the contract ask for Integrations; who imports people manages residents too. */
function assertBoth({ actor }: Call): void {
  if (actor.permissions === 'all' || permits(actor.permissions, 'residence.residence:full')) return;
  throw new DomainError(
    'forbidden',
    'Going live needs full access to Residence › Residence beside Integrations. Ask someone who manages roles.',
    { needs: 'residence.residence:full' },
  );
}

const about = ({ _id, version }: GoLiveDoc) => ({ _id, version });
