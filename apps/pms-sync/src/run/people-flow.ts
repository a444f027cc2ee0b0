import type { PersonOutcome, SyncPolicy, UpstreamPerson } from '@leasewire/contracts';
import type { PeoplePage } from '../connector/connector.js';
import { skipReason } from '../connection/policy.rules.js';
import { brake, type Braked } from '../hold/brake.rules.js';
import { fingerprintOf } from './fingerprint.rules.js';
import type { DirectoryClient, ForRun } from './directory-client.js';
import { chunksOf, isUnannouncedRemoval, livesOrWill, noCounts, type Counts } from './run.rules.js';
import type { Told, Keeper } from './run-keeper.js';

export interface Removal {
  readonly outcome: PersonOutcome;
  /** null: absent. */
  readonly person: UpstreamPerson | null;
}
export interface FlowResult {
  readonly counts: Counts;
  readonly braked: Braked;
  readonly removals: readonly Removal[];
  readonly livingHere: number;
  readonly registered: number;
}
export interface FlowAbout {
  readonly run: ForRun;
  readonly scope: 'sweep' | 'targeted';
  readonly policy: SyncPolicy;
  readonly kept: readonly string[];
  readonly wanted: { readonly people: readonly string[] | null; readonly units: readonly string[] | null };
  /** Throws when the run must end here: it was cancelled, the process stops. */
  readonly check: () => Promise<void>;
}

const together = 100;

/**
 * The people of one run on their way from the PMS to directory: what is unchanged is counted, what changed is told in chunks, who would
 * be moved out unannounced waits until the end of the run, when the brake has seen them all.
 */
export class PeopleFlow {
  readonly #seen = new Set<string>();
  readonly #removals: Removal[] = [];
  readonly #counts: Counts = { ...noCounts };
  #livingHere = 0;
  #registered = 0;
  #pages = 0;
  #complete = false;

  constructor(
    private readonly about: FlowAbout,
    private readonly directory: Pick<DirectoryClient, 'plan' | 'apply'>,
    private readonly keeper: Keeper,
  ) {}

  get pages(): number {
    return this.#pages;
  }
  get complete(): boolean {
    return this.#complete;
  }

  async page(page: PeoplePage): Promise<void> {
    this.#pages += 1;
    if (page.complete === true) this.#complete = true;
    for (const row of page.rejected) {
      if (row.upstreamId !== null) this.#seen.add(row.upstreamId);
      if (row.upstreamId !== null && !this.#isWanted(row.upstreamId, null)) continue;
      await this.#note([unreadable(row.upstreamId ?? `row ${this.#pages}-${this.#counts.failed + 1}`, row.field, row.reason)]);
    }
    const fresh = page.people.filter((person) => !this.#seen.has(person.upstreamId) && this.#isWanted(person.upstreamId, person));
    for (const person of page.people) this.#seen.add(person.upstreamId);
    for (const some of chunksOf(fresh, together)) await this.#people(some);
  }

  /** Nothing more will come: who was not there is absent, if this was everybody; and the brake decides. */
  async finish(): Promise<FlowResult> {
    if (this.about.scope === 'targeted') await this.#notFound();
    else if (this.#complete) await this.#absent();
    const empty = this.about.scope === 'sweep' && this.#seen.size === 0;
    const braked = brake(
      {
        unannounced: this.#removals.map(({ outcome }) => outcome.upstreamId),
        kept: this.about.kept,
        livingHere: this.#livingHere,
        empty,
      },
      this.about.policy,
    );
    const go = new Set(braked.go);
    const released = this.#removals.filter(({ outcome }) => go.has(outcome.upstreamId));
    const held = this.#removals.filter(({ outcome }) => !go.has(outcome.upstreamId));
    for (const some of chunksOf(released, together)) await this.#tell(presentOf(some), absentOf(some));
    for (const some of chunksOf(held, together))
      await this.#note(some.map(({ outcome }) => ({ ...outcome, outcome: 'held', reason: heldReason(braked.asks) })));
    return {
      counts: this.#counts,
      braked,
      removals: held,
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
    for (const person of people) {
      const skip = skipReason(person, this.about.policy);
      const record = records.get(person.upstreamId);
      if (record?.hash === fingerprintOf(person) && record.skipped === (skip?.code ?? null)) {
        await this.#unchanged(person, record.residentId, record.unit, skip);
      } else if (skip) {
        leftOut.push({ person, outcome: left(person, skip), skipped: skip.code });
        this.#counts.skipped += 1;
      } else if (record !== undefined || !livesOrWill(person)) risky.push(person);
      else changed.push(person);
    }
    if (leftOut.length > 0) await this.keeper.told(leftOut, [], this.#livingHere);
    if (risky.length > 0) changed.push(...(await this.#planned(risky)));
    if (changed.length > 0) await this.#tell(changed, []);
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
    for await (const ids of this.keeper.knownWithout(this.#seen, together)) {
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
    for (const some of chunksOf(missing, together))
      await this.#note(
        some.map((upstreamId) => {
          const record = records.get(upstreamId);
          return {
            upstreamId,
            residentId: record?.residentId ?? null,
            name: record?.name ?? upstreamId,
            unit: record?.unit ?? null,
            outcome: 'failed',
            decision: 'none',
            reason: {
              code: 'sync.not-found-upstream',
              message: 'Not found upstream: the PMS did not answer about this person. Nothing was changed.',
            },
          };
        }),
      );
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
    const byId = new Map(outcomes.map((outcome) => [outcome.upstreamId, outcome]));
    const told = present.flatMap((person): Told[] => {
      const outcome = byId.get(person.upstreamId);
      return outcome ? [{ person, outcome, skipped: null }] : [];
    });
    const gone = absent.flatMap((id) => byId.get(id) ?? []);
    for (const outcome of [...told.map((one) => one.outcome), ...gone]) {
      if (outcome.decision === 'none' && absent.includes(outcome.upstreamId)) continue; // long gone
      if (outcome.outcome === 'unchanged' && this.keeper.didBefore(outcome.upstreamId)) continue;
      this.#counts[outcome.outcome] += 1;
      if (outcome.decision === 'register') this.#registered += 1;
    }
    await this.keeper.told(told, gone, this.#livingHere);
    await this.keeper.fault('sync-after-record');
  }

  async #unchanged(
    person: UpstreamPerson,
    residentId: Told['outcome']['residentId'],
    unit: string | null,
    skip: Skip,
  ): Promise<void> {
    if (this.keeper.didBefore(person.upstreamId)) return; // by this very run, before it was interrupted
    this.#counts[skip ? 'skipped' : 'unchanged'] += 1;
    if (this.about.scope !== 'targeted') return;
    const same = { ...left(person, skip ?? undefined), residentId, unit };
    await this.keeper.outcomes([skip ? same : { ...same, outcome: 'unchanged' }]);
  }

  async #note(outcomes: readonly PersonOutcome[]): Promise<void> {
    for (const { outcome } of outcomes) this.#counts[outcome] += 1;
    await this.keeper.outcomes(outcomes);
  }

  #isWanted(upstreamId: string, person: UpstreamPerson | null): boolean {
    const { people, units } = this.about.wanted;
    if (people) return people.includes(upstreamId);
    if (units) return person?.stays.some(({ unitId }) => unitId !== null && units.includes(unitId)) ?? false;
    return true;
  }
}

type Skip = ReturnType<typeof skipReason>;

function left(person: UpstreamPerson, reason?: { code: string; message: string }): PersonOutcome {
  const { upstreamId, name, stays } = person;
  const unit = stays.find(({ unitName }) => unitName !== null)?.unitName ?? null;
  const outcome = { upstreamId, residentId: null, name: name.raw, unit, outcome: 'skipped', decision: 'none' } as const;
  return reason ? { ...outcome, reason } : outcome;
}

const unreadable = (upstreamId: string, field: string, reason: string): PersonOutcome => ({
  upstreamId: upstreamId.slice(0, 100),
  residentId: null,
  name: upstreamId,
  unit: null,
  outcome: 'failed',
  decision: 'none',
  reason: { code: 'sync.unreadable', message: `What the PMS says of ${field} cannot be read: ${reason}` },
});

const heldReason = (asks: boolean) =>
  asks
    ? { code: 'sync.held', message: 'Too many would be moved out at once without having been announced; a person must look.' }
    : { code: 'sync.kept', message: 'Staff decided that this person stays, although the PMS does not show them.' };

const presentOf = (removals: readonly Removal[]) => removals.flatMap(({ person }) => person ?? []);
const absentOf = (removals: readonly Removal[]) =>
  removals.flatMap(({ person, outcome }) => (person === null ? [outcome.upstreamId] : []));
