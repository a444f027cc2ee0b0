import type { OutputOf, SyncPolicy, syncBasis } from '@leasewire/contracts';
import type { KnownPerson, KnownRow, KnownRows, KnowsRows } from '../connector/connector.js';
import type { ForRun } from './directory-client.js';
import { isSettled, leftOutBy, notYetTold } from './record.rules.js';
import type { KnownRecord, UpstreamRecordRepository } from './upstream-record.repository.js';

/**
 * Who would come to nothing else than the last time while the row of the PMS is the same: by policy, basis and record; and with them the
 * rows that name nobody else. A sweep has all of them in memory, so they are kept in columns: as objects they would take twice as much.
 */
export class KnownPeople implements KnowsRows, KnownRows {
  readonly #rowAt = new Map<string, number>();
  readonly #rowIds: string[] = [];
  /** Of each row: whom it names, less those who are known; and the last of these. */
  readonly #missing: number[] = [];
  readonly #last: number[] = [];
  readonly #people: string[] = [];
  readonly #flags: number[] = [];
  /** Of each person: the one before on their row. */
  readonly #before: number[] = [];

  constructor(
    private readonly run: ForRun,
    private readonly records: Pick<UpstreamRecordRepository, 'readBy'>,
    private readonly policy: SyncPolicy,
    private readonly basis: OutputOf<typeof syncBasis>,
  ) {}

  async readBy(reading: string): Promise<KnownRows> {
    const { orgId, propertyId } = this.run;
    const askedFor = new Set(this.basis.again);
    for await (const some of this.records.readBy(orgId, propertyId, reading))
      for (const record of some)
        if (!askedFor.has(record.upstreamId) && isSettledByItself(record, this.policy, this.basis.basis)) this.#add(record);
    return this;
  }

  has(hash: string): boolean {
    const at = this.#rowAt.get(hash);
    return at !== undefined && this.#missing[at] === 0;
  }

  row(hash: string): KnownRow | undefined {
    const at = this.#rowAt.get(hash);
    const id = at === undefined ? undefined : this.#rowIds[at];
    if (at === undefined || id === undefined || this.#missing[at] !== 0) return undefined;
    return { id, people: [...this.#peopleOf(at)] };
  }

  *#peopleOf(row: number): Generator<KnownPerson> {
    for (let at = this.#last[row]; at !== undefined && at !== nobody; at = this.#before[at]) {
      const [upstreamId, flags = 0] = [this.#people[at], this.#flags[at]];
      if (upstreamId !== undefined) yield { upstreamId, lives: (flags & lives) !== 0, skipped: (flags & skipped) !== 0 };
    }
  }

  #add(record: KnownRecord): void {
    const row = this.#rowAt.get(record.row.hash) ?? this.#newRow(record.row);
    this.#before.push(this.#last[row] ?? nobody);
    this.#last[row] = this.#people.push(record.upstreamId) - 1;
    this.#flags.push((record.traits?.lives ? lives : 0) | (record.skipped === null ? 0 : skipped));
    this.#missing[row] = (this.#missing[row] ?? 0) - 1;
  }

  #newRow({ hash, id, names }: KnownRecord['row']): number {
    const row = this.#rowIds.push(id) - 1;
    this.#rowAt.set(hash, row);
    this.#missing.push(names);
    this.#last.push(nobody);
    return row;
  }
}

const nobody = -1;
const lives = 1;
const skipped = 2;

/** As `isSettled` of the person themselves, who is what the record says as long as their row is. */
export function isSettledByItself(record: Omit<KnownRecord, 'row'>, policy: SyncPolicy, basis: string): boolean {
  const { traits, hash } = record;
  if (!traits || hash === notYetTold) return false;
  const skip = leftOutBy(policy, { role: traits.role, email: traits.hasEmail ? '' : null }, record);
  return isSettled(record, { hash, leftOut: skip?.code ?? null, basis, askedFor: false });
}
