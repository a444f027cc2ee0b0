import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { defaultPolicies } from '../../src/connection/policy.rules.js';
import type { KnowsRows, PeoplePage } from '../../src/connector/connector.js';
import { brake } from '../../src/hold/brake.rules.js';
import type { Brake } from '../../src/hold/brake.js';
import type { DirectoryClient, ForRun } from '../../src/run/directory-client.js';
import { fingerprintOf } from '../../src/run/fingerprint.rules.js';
import { KnownPeople } from '../../src/run/known-people.js';
import { PeopleFlow } from '../../src/run/people-flow.js';
import type { FlowResult } from '../../src/run/people-flow.about.js';
import { notYetTold, traitsOf } from '../../src/run/record.rules.js';
import type { KeepsRun, Told } from '../../src/run/run-keeper.js';
import type { KnownRecord, UpstreamRecordDoc } from '../../src/run/upstream-record.repository.js';

interface Resident {
  readonly person: UpstreamPerson;
  readonly lives: boolean;
}
const { rental: policy } = defaultPolicies;
const about: ForRun = { orgId: 'org_', propertyId: 'prop_', runId: 'run_', attempt: 1, fetchedAt: new Date(0) };
const lives = (person: UpstreamPerson) =>
  person.userTypes.includes('committee') || person.stays.some(({ status }) => status === 'current' || status === 'notice');

/** A property in memory: what directory and our records would hold of it, and the real flow of people between them. */
export class RememberedProperty {
  readonly residents = new Map<string, Resident>();
  readonly records = new Map<string, UpstreamRecordDoc>();
  /** Everything that was said of anybody, by all runs. */
  readonly outcomes: PersonOutcome[] = [];

  /** Of whom nothing need be read while their row is the same. */
  get known(): KnowsRows {
    const all = [...this.records.values()];
    const records = {
      readBy: async function* (_orgId: string, _propertyId: string, reading: string) {
        const known = all.flatMap((record): KnownRecord[] => {
          const { row } = record;
          if (row?.reading !== reading || typeof row.hash !== 'string') return [];
          return [{ ...record, row: { hash: row.hash, id: row.id!, names: row.names! } }];
        });
        yield await Promise.resolve(known);
      },
    };
    return new KnownPeople(about, records, policy, { basis: 'b', again: [], livingHere: 0 });
  }

  copy(): RememberedProperty {
    const other = new RememberedProperty();
    for (const [id, resident] of this.residents) other.residents.set(id, resident);
    for (const [id, record] of this.records) other.records.set(id, record);
    return other;
  }

  living(): string[] {
    return [...this.residents].filter(([, { lives }]) => lives).map(([id]) => id);
  }

  async run(pages: AsyncIterable<PeoplePage>): Promise<FlowResult> {
    const flow = new PeopleFlow(
      {
        run: about,
        scope: 'sweep',
        policy,
        kept: [],
        basis: { basis: 'b', again: [], livingHere: this.living().length },
        wanted: { people: null, units: null },
        check: () => Promise.resolve(),
      },
      this.#directory(),
      this.#brake(),
      this.#keeper(),
    );
    for await (const page of pages) await flow.page(page);
    return flow.finish();
  }

  #directory(): Pick<DirectoryClient, 'plan' | 'apply'> {
    const answer = (present: readonly UpstreamPerson[] = [], absent: readonly string[] = [], doIt: boolean) => ({
      livingHere: this.living().length,
      outcomes: [
        ...present.map((person) => this.#decide(person.upstreamId, person, doIt)),
        ...absent.map((id) => this.#decide(id, null, doIt)),
      ],
    });
    return {
      plan: (_run, { present, absent }) => Promise.resolve(answer(present, absent, false)),
      apply: (_run, { present, absent }) => Promise.resolve(answer(present, absent, true)),
    };
  }

  #decide(upstreamId: string, person: UpstreamPerson | null, doIt: boolean): PersonOutcome {
    const before = this.residents.get(upstreamId);
    const after = person === null ? false : lives(person);
    const about = { upstreamId, residentId: null, name: person?.name.raw ?? upstreamId, unit: null };
    if (before === undefined && person === null) return { ...about, outcome: 'unchanged', decision: 'none' };
    if (doIt) {
      const said = person ?? before?.person;
      if (said) this.residents.set(upstreamId, { person: said, lives: after });
    }
    const decision = before === undefined ? 'register' : before.lives && !after ? 'deactivate' : 'update';
    return { ...about, outcome: 'synced', decision, announced: false };
  }

  #brake(): Pick<Brake, 'judge'> {
    return { judge: (_run, removals, by) => Promise.resolve(brake({ ...removals, recent: 0 }, by)) };
  }

  #keeper(): KeepsRun {
    const { records } = this;
    const note = (person: UpstreamPerson, hash: string, skipped: UpstreamRecordDoc['skipped'], row: Told['row'] = null) =>
      records.set(person.upstreamId, {
        ...{ _id: newId('rec'), orgId: 'org_', propertyId: 'prop_', upstreamId: person.upstreamId, hash, skipped },
        ...{ fetchedAt: new Date(0), residentId: null, name: person.name.raw, unit: null, row, traits: traitsOf(person) },
      } as unknown as UpstreamRecordDoc);
    return {
      didBefore: () => false,
      recordsOf: (ids) => Promise.resolve(new Map(ids.flatMap((id) => (records.has(id) ? [[id, records.get(id)!]] : [])))),
      async *knownWithout(seen, size) {
        const ids = [...records.keys()].filter((id) => !seen.has(id));
        for (let at = 0; at < ids.length; at += size) yield await Promise.resolve(ids.slice(at, at + size));
      },
      intend: (people) => {
        for (const person of people) if (!records.has(person.upstreamId)) note(person, notYetTold, null);
        return Promise.resolve();
      },
      told: (told, gone) => {
        for (const { person, outcome, skipped, row } of told) {
          note(person, fingerprintOf(person), skipped, row);
          this.outcomes.push(outcome);
        }
        for (const { upstreamId } of gone) records.delete(upstreamId);
        return Promise.resolve();
      },
      readBy: (all) => {
        for (const record of all) records.set(record.upstreamId, record);
        return Promise.resolve();
      },
      outcomes: (all) => {
        this.outcomes.push(...all);
        return Promise.resolve();
      },
      fault: () => Promise.resolve(),
    };
  }
}
