import type { OutputOf, SyncPolicy, syncBasis } from '@leasewire/contracts';
import type { KnownPerson, KnownRow, KnownRows, KnowsRows } from '../connector/connector.js';
import type { ForRun } from './directory-client.js';
import { isSettled, leftOutBy, notYetTold } from './record.rules.js';
import type { KnownRecord, UpstreamRecordRepository } from './upstream-record.repository.js';

interface Row extends KnownRow {
  readonly names: number;
  readonly people: KnownPerson[];
}

/**
 * Who would come to nothing else than the last time while the row of the PMS is the same: by policy, basis and record; and with them the
 * rows that name nobody else. A sweep has all of them in memory.
 */
export class KnownPeople implements KnowsRows, KnownRows {
  readonly #rows = new Map<string, Row>();

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

  row(hash: string): KnownRow | undefined {
    const row = this.#rows.get(hash);
    return row?.people.length === row?.names ? row : undefined;
  }

  #add({ upstreamId, row, traits, skipped }: KnownRecord): void {
    const known: Row = this.#rows.get(row.hash) ?? { id: row.id, names: row.names, people: [] };
    known.people.push({ upstreamId, lives: traits?.lives ?? false, skipped: skipped !== null });
    this.#rows.set(row.hash, known);
  }
}

/** As `isSettled` of the person themselves, who is what the record says as long as their row is. */
export function isSettledByItself(record: Omit<KnownRecord, 'row'>, policy: SyncPolicy, basis: string): boolean {
  const { traits, hash } = record;
  if (!traits || hash === notYetTold) return false;
  const skip = leftOutBy(policy, { role: traits.role, email: traits.hasEmail ? '' : null }, record);
  return isSettled(record, { hash, leftOut: skip?.code ?? null, basis, askedFor: false });
}
