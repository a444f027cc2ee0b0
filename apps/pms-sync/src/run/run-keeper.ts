import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { faultPoint } from '@leasewire/service-kit';
import { systemCause, type Tx, type UnitOfWork } from '@leasewire/persistence';
import { fingerprintOf } from './fingerprint.rules.js';
import { notYetTold, traitsOf, type Skipped } from './record.rules.js';
import type { BalanceKeeping } from '../balance/balance-keeping.js';
import type { ForRun } from './directory-client.js';
import type { RunOutcomeRepository } from './run-outcome.repository.js';
import type { UpstreamRecordDoc, UpstreamRecordRepository } from './upstream-record.repository.js';

/** One person and what directory made of what we told of them. */
export interface Told {
  readonly person: UpstreamPerson;
  readonly outcome: PersonOutcome;
  readonly skipped: Skipped | null;
  /** The one row that they were read from. */
  readonly row?: UpstreamRecordDoc['row'];
}

/** What the flow of people needs of it. */
export type KeepsRun = Pick<
  Keeper,
  'didBefore' | 'recordsOf' | 'knownWithout' | 'intend' | 'told' | 'outcomes' | 'readBy' | 'fault'
>;

/** What one run keeps: the records of whom it told, and its outcomes. */
export class Keeper {
  #before = new Set<string>();

  constructor(
    private readonly run: ForRun,
    private readonly targeted: boolean,
    private readonly records: UpstreamRecordRepository,
    private readonly rows: RunOutcomeRepository,
    private readonly balances: BalanceKeeping,
    private readonly work: UnitOfWork,
    private readonly ids: Ids,
  ) {}

  /** What this run had come to before it was interrupted. */
  async resume(): Promise<{ outcome: PersonOutcome['outcome'] }[]> {
    const { orgId, runId } = this.run;
    // what failed or was held is found again
    const found = await this.rows.find({ orgId, runId, outcome: 'synced' }, { fields: ['upstreamId', 'outcome'] });
    this.#before = new Set(found.map(({ upstreamId }) => upstreamId));
    return found;
  }

  didBefore(upstreamId: string): boolean {
    return this.#before.has(upstreamId);
  }

  recordsOf(upstreamIds: readonly string[]): Promise<Map<string, UpstreamRecordDoc>> {
    return this.records.of(this.run.orgId, this.run.propertyId, upstreamIds);
  }

  async *knownWithout(seen: ReadonlySet<string>, size: number): AsyncGenerator<string[]> {
    const { orgId, propertyId } = this.run;
    let some: string[] = [];
    for await (const ids of this.records.idsOf(orgId, propertyId))
      for (const upstreamId of ids) {
        if (seen.has(upstreamId)) continue;
        if (some.push(upstreamId) < size) continue;
        yield some;
        some = [];
      }
    if (some.length > 0) yield some;
  }

  /** Whom directory will know in a moment: should we die before its answer is kept, they are not forgotten. */
  async intend(people: readonly UpstreamPerson[]): Promise<void> {
    if (people.length === 0) return;
    const { orgId, propertyId, fetchedAt } = this.run;
    const about = { orgId, propertyId, fetchedAt, hash: notYetTold, skipped: null, residentId: null, unit: null };
    await this.#write(async (tx) => {
      const ids = people.map(({ upstreamId }) => upstreamId);
      const known = await this.records.find({ orgId, propertyId, upstreamId: { $in: ids } }, { tx, fields: ['upstreamId'] });
      const there = new Set(known.map(({ upstreamId }) => upstreamId));
      await this.records.insertMany(
        tx,
        people
          .filter(({ upstreamId }) => !there.has(upstreamId))
          .map((person) => ({
            ...{ _id: this.ids.next('rec'), ...about },
            ...{ upstreamId: person.upstreamId, name: person.name.raw, traits: traitsOf(person) },
          })),
      );
    });
  }

  async told(told: readonly Told[], gone: readonly PersonOutcome[]): Promise<void> {
    const { orgId, propertyId } = this.run;
    const kept = told.filter(({ outcome, skipped }) => skipped !== null || isTaken(outcome));
    const over = gone.filter(isTaken).map(({ upstreamId }) => upstreamId);
    const outcomes = [...told.map(({ outcome }) => outcome), ...gone.filter(({ decision }) => decision !== 'none')];
    await this.#write(async (tx) => {
      const ids = kept.map(({ person }) => person.upstreamId);
      const known = await this.records.find({ orgId, propertyId, upstreamId: { $in: ids } }, { tx });
      const byId = new Map(known.map((record) => [record.upstreamId, record]));
      const written = kept.map((one) => this.#recordOf(one));
      await this.records.insertMany(
        tx,
        written.filter(({ upstreamId }) => !byId.has(upstreamId)),
      );
      await this.records.saveMany(
        tx,
        written.flatMap(({ _id: _, ...record }) => {
          const was = byId.get(record.upstreamId);
          return was && was.fetchedAt <= this.run.fetchedAt ? [{ ...was, ...record }] : [];
        }),
      );
      if (over.length > 0) await this.records.removeMany(tx, { orgId, propertyId, upstreamId: { $in: over } });
      await this.#put(tx, outcomes);
      await this.balances.note(tx, this.run, told);
    });
  }

  /** They are unchanged; from now on a row that is the same need not be read. It is what we can do without, so nothing waits for it. */
  async readBy(records: readonly UpstreamRecordDoc[]): Promise<void> {
    const { orgId } = this.run;
    await Promise.all(records.map(({ _id, row = null }) => this.records.touch({ orgId, _id }, { row })));
  }

  outcomes(outcomes: readonly PersonOutcome[]): Promise<void> {
    return this.#write((tx) => this.#put(tx, outcomes));
  }

  fault(point: string): Promise<void> {
    return faultPoint(point);
  }

  async #put(tx: Tx, all: readonly PersonOutcome[]): Promise<void> {
    const { orgId, runId } = this.run;
    const outcomes = all.filter(
      ({ outcome, upstreamId }) => this.targeted || (outcome !== 'unchanged' && !this.didBefore(upstreamId)),
    );
    await this.rows.note(tx, { orgId, runId }, outcomes);
  }

  #recordOf({ person, outcome, skipped, row = null }: Told) {
    const { orgId, propertyId, fetchedAt } = this.run;
    const { residentId, name, unit } = outcome;
    const { upstreamId } = person;
    return {
      _id: this.ids.next('rec'),
      orgId,
      propertyId,
      upstreamId,
      hash: fingerprintOf(person),
      skipped,
      fetchedAt,
      residentId,
      name,
      unit,
      traits: traitsOf(person),
      row,
    };
  }

  async #write(change: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.work.run(systemCause('pms-sync', this.run.orgId, this.ids, this.run.runId), change);
  }
}

/** Directory knows now what the PMS said; anything else is told again by the next run. */
const isTaken = ({ outcome }: PersonOutcome): boolean => outcome === 'synced' || outcome === 'unchanged';
