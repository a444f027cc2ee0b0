import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';
import type { KnownPerson, PeoplePage } from '../connector/connector.js';
import { whomOf } from '../connector/wanted.rules.js';
import type { SkipReason } from '../connection/policy.rules.js';
import type { Brake } from '../hold/brake.js';
import { fingerprintOf } from './fingerprint.rules.js';
import type { DirectoryClient } from './directory-client.js';
import { isSettled, leftOutBy, skippedBy } from './record.rules.js';
import type { FlowAbout, FlowResult, Removal } from './people-flow.about.js';
import { left, notFound, unreadable, withNewHomes } from './people-outcomes.rules.js';
import { absentOf, heldOf, parted, presentOf } from './removals.rules.js';
import { chunksOf, isUnannouncedRemoval, livesOrWill, noCounts, type Counts } from './run.rules.js';
import type { KeepsRun, Told } from './run-keeper.js';
import type { UpstreamRecordDoc } from './upstream-record.repository.js';

const together = 100;

/**
 * The people of one run on their way from the PMS to directory: what is unchanged is counted, what changed is told in chunks, who would
 * be moved out unannounced waits until the end of the run, when the brake has seen them all.
 */
export class PeopleFlow {
  readonly #seen = new Set<string>();
  readonly #removals: Removal[] = [];
  readonly #counts: Counts = { ...noCounts };
  readonly #askedFor: ReadonlySet<string>;
  readonly #isWanted: ReturnType<typeof whomOf>;
  #livingHere: number;
  #livingSeen = 0;
  #registered = 0;
  #pages = 0;
  #complete = false;
  #rows: PeoplePage['rows'];
  /** Who is not what they were when this run was interrupted before. */
  readonly #changed = new Set<string>();

  constructor(
    private readonly about: FlowAbout,
    private readonly directory: Pick<DirectoryClient, 'plan' | 'apply'>,
    private readonly brake: Pick<Brake, 'judge'>,
    private readonly keeper: KeepsRun,
  ) {
    this.#askedFor = new Set(about.basis.again);
    this.#isWanted = whomOf(about.wanted);
    this.#livingHere = about.basis.livingHere;
  }

  get counts(): Counts {
    return this.#counts;
  }
  get pages(): number {
    return this.#pages;
  }
  get complete(): boolean {
    return this.#complete;
  }

  async page(page: PeoplePage): Promise<void> {
    this.#pages += 1;
    if (page.complete === true) this.#complete = true;
    this.#rows = page.rows;
    for (const person of page.same ?? []) this.#same(person);
    for (const row of page.rejected) {
      if (row.upstreamId !== null) this.#seen.add(row.upstreamId);
      this.#livingSeen += 1;
      if (row.upstreamId !== null && !this.#isWanted(row.upstreamId, null)) continue;
      await this.#note([unreadable(row.upstreamId ?? `row ${this.#pages}-${this.#counts.failed + 1}`, row.field, row.reason)]);
    }
    const fresh = page.people.filter((person) => !this.#seen.has(person.upstreamId) && this.#isWanted(person.upstreamId, person));
    for (const person of page.people) {
      this.#seen.add(person.upstreamId);
      if (livesOrWill(person)) this.#livingSeen += 1;
    }
    for (const some of chunksOf(fresh, together)) await this.#people(some);
  }

  /** Nothing more will come: who was not there is absent, if this was everybody; and the brake decides. */
  async finish(): Promise<FlowResult> {
    this.#rows = undefined;
    if (this.about.scope === 'targeted') await this.#notFound();
    else if (this.#complete) await this.#absent();
    const emptied = this.#livingSeen === 0 && this.#removals.some(({ person }) => person === null);
    const braked = await this.brake.judge(
      this.about.run,
      {
        unannounced: this.#removals.map(({ outcome }) => outcome.upstreamId),
        kept: this.about.kept,
        livingHere: this.#livingHere,
        emptied,
      },
      this.about.policy,
    );
    const { released, held } = parted(this.#removals, braked);
    for (const some of chunksOf(released, together)) await this.#tell(presentOf(some), absentOf(some));
    for (const some of chunksOf(held, together)) await this.#note(heldOf(some, braked));
    return {
      counts: this.#counts,
      braked,
      removals: held,
      emptied: emptied && braked.held.length > 0,
      livingHere: this.#livingHere,
      registered: this.#registered,
    };
  }

  async #people(people: readonly UpstreamPerson[]): Promise<void> {
    await this.about.check();
    const records = await this.keeper.recordsOf(people.map(({ upstreamId }) => upstreamId));
    const changed: UpstreamPerson[] = [];
    const risky: UpstreamPerson[] = [];
    const leftOut: Told[] = [];
    const readOtherwise: UpstreamRecordDoc[] = [];
    for (const person of people) {
      const record = records.get(person.upstreamId);
      const skip = leftOutBy(this.about.policy, person, record);
      if (this.about.run.attempt > 1 && record && record.hash !== fingerprintOf(person)) this.#changed.add(person.upstreamId);
      if (record && isSettled(record, this.#seenOf(person, skip))) {
        await this.#unchanged(person, record);
        const row = this.#rowOf(person);
        // not for each other row: some vendors change in every answer what nobody reads
        if (row && row.reading !== record.row?.reading) readOtherwise.push({ ...record, row });
      } else if (skip)
        leftOut.push({ person, outcome: left(person, skip), skipped: { by: 'policy', ...skip }, row: this.#rowOf(person) });
      else if (record !== undefined || !livesOrWill(person)) risky.push(person);
      else changed.push(person);
    }
    await this.keeper.readBy(readOtherwise);
    this.#counts.skipped += leftOut.length;
    if (leftOut.length > 0) await this.keeper.told(leftOut, []);
    await this.keeper.intend([...risky, ...changed].filter(({ upstreamId }) => !records.has(upstreamId)));
    if (risky.length > 0) changed.push(...(await this.#planned(risky)));
    if (changed.length > 0) await this.#tell(changed, []);
  }

  #same({ upstreamId, lives, skipped }: KnownPerson): void {
    this.#seen.add(upstreamId);
    if (lives) this.#livingSeen += 1;
    if (this.keeper.didBefore(upstreamId)) return;
    this.#counts[skipped ? 'skipped' : 'unchanged'] += 1;
  }

  #rowOf({ upstreamId }: UpstreamPerson): UpstreamRecordDoc['row'] {
    const row = this.#rows?.of.get(upstreamId);
    return this.#rows && row ? { reading: this.#rows.reading, ...row } : null;
  }

  #seenOf(person: UpstreamPerson, skip: SkipReason | null) {
    return {
      hash: fingerprintOf(person),
      leftOut: skip?.code ?? null,
      basis: this.about.basis.basis,
      askedFor: this.#askedFor.has(person.upstreamId),
    };
  }

  /** Those of them who may be told at once; who would be moved out unannounced waits. */
  async #planned(people: readonly UpstreamPerson[]): Promise<UpstreamPerson[]> {
    const { outcomes, livingHere } = await this.directory.plan(this.about.run, { scope: this.about.scope, present: [...people] });
    this.#livingHere = Math.max(this.#livingHere, livingHere);
    const byId = new Map(outcomes.map((outcome) => [outcome.upstreamId, outcome]));
    return people.filter((person) => {
      const outcome = byId.get(person.upstreamId);
      if (outcome === undefined || !isUnannouncedRemoval(outcome)) return true;
      this.#removals.push({ outcome, person });
      return false;
    });
  }

  async #absent(): Promise<void> {
    for await (const known of this.about.absent ?? this.keeper.knownWithout(this.#seen, together)) {
      const ids = known.filter((id) => !this.#seen.has(id));
      if (ids.length === 0) continue;
      await this.about.check();
      const { outcomes, livingHere } = await this.directory.plan(this.about.run, { scope: 'sweep', absent: ids });
      this.#livingHere = Math.max(this.#livingHere, livingHere);
      const removals = outcomes.filter(isUnannouncedRemoval);
      for (const outcome of removals) this.#removals.push({ outcome, person: null });
      const waiting = new Set(removals.map(({ upstreamId }) => upstreamId));
      const rest = ids.filter((id) => !waiting.has(id));
      if (rest.length > 0) await this.#tell([], rest);
    }
  }

  async #notFound(): Promise<void> {
    const missing = (this.about.wanted.people ?? []).filter((id) => !this.#seen.has(id));
    const records = await this.keeper.recordsOf(missing);
    const elsewhere = await this.#elsewhere(missing);
    for (const some of chunksOf(missing, together))
      await this.#note(some.map((upstreamId) => notFound(upstreamId, records.get(upstreamId), elsewhere.get(upstreamId))));
  }

  async #tell(present: readonly UpstreamPerson[], absent: readonly string[]): Promise<void> {
    await this.about.check();
    await this.keeper.fault('sync-before-apply');
    const { outcomes } = await this.directory.apply(this.about.run, {
      scope: this.about.scope,
      present: [...present],
      absent: [...absent],
    });
    await this.keeper.fault('sync-after-apply');
    const all = (await this.#withMoves(present, outcomes)).map((outcome) => this.#unheard(outcome));
    const byId = new Map(all.map((outcome) => [outcome.upstreamId, outcome]));
    const told = present.flatMap((person): Told[] => {
      const outcome = byId.get(person.upstreamId);
      const skipped = outcome && skippedBy(outcome, this.about.basis.basis, this.about.scope);
      return outcome ? [{ person, outcome, skipped: skipped ?? null, row: this.#rowOf(person) }] : [];
    });
    const gone = absent.flatMap((id) => byId.get(id) ?? []);
    for (const outcome of [...told.map((one) => one.outcome), ...gone]) {
      if (outcome.decision === 'none' && absent.includes(outcome.upstreamId)) continue; // long gone
      if (outcome.outcome === 'unchanged' && this.keeper.didBefore(outcome.upstreamId)) continue;
      this.#counts[outcome.outcome] += 1;
      if (outcome.decision === 'register') this.#registered += 1;
    }
    await this.keeper.told(told, gone);
    await this.keeper.fault('sync-after-record');
  }

  /** Directory knows already what was new to us: it was told before the interruption, and its answer was lost. */
  #unheard(outcome: PersonOutcome): PersonOutcome {
    const lost = outcome.outcome === 'unchanged' && this.#changed.has(outcome.upstreamId);
    return lost && !this.keeper.didBefore(outcome.upstreamId) ? { ...outcome, outcome: 'synced' } : outcome;
  }

  async #elsewhere(upstreamIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (this.about.scope !== 'targeted' || upstreamIds.length === 0) return new Map();
    return (await this.about.elsewhere?.(upstreamIds)) ?? new Map();
  }

  /** Who has nothing here any more and lives in another property: the sweep of that one says the rest. */
  async #withMoves(present: readonly UpstreamPerson[], outcomes: readonly PersonOutcome[]): Promise<readonly PersonOutcome[]> {
    const over = present.filter((person) => !livesOrWill(person)).map(({ upstreamId }) => upstreamId);
    return withNewHomes(outcomes, await this.#elsewhere(over));
  }

  async #unchanged(person: UpstreamPerson, { skipped, residentId, unit }: UpstreamRecordDoc): Promise<void> {
    if (this.keeper.didBefore(person.upstreamId)) return; // by this very run, before it was interrupted
    this.#counts[skipped ? 'skipped' : 'unchanged'] += 1;
    if (this.about.scope !== 'targeted') return;
    const same = { ...left(person, skipped ?? undefined), residentId, unit };
    await this.keeper.outcomes([skipped ? same : { ...same, outcome: 'unchanged' }]);
  }

  async #note(outcomes: readonly PersonOutcome[]): Promise<void> {
    for (const { outcome } of outcomes) this.#counts[outcome] += 1;
    await this.keeper.outcomes(outcomes);
  }
}
