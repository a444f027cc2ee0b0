import type { OutputOf, SyncPolicy, syncBasis } from '@leasewire/contracts';
import type { KnownRows, KnowsRows } from '../connector/connector.js';
import type { ForRun } from './directory-client.js';
import { isSettled, leftOutBy, notYetTold } from './record.rules.js';
import type { UpstreamRecordDoc, UpstreamRecordRepository } from './upstream-record.repository.js';

/** What a sweep counts of somebody of whom nothing had to be read. */
export interface SameAsBefore {
  readonly lives: boolean;
  readonly skipped: boolean;
}
type Remembered = Pick<UpstreamRecordDoc, 'upstreamId' | 'hash' | 'skipped' | 'residentId' | 'traits' | 'row'>;

const fields = ['upstreamId', 'hash', 'skipped', 'residentId', 'traits', 'row'] as const;
const [living, leftOut] = [1, 2];

/**
 * Who would come to nothing else than the last time while the row of the PMS is the same: by policy, basis and record. A sweep of a
 * hundred thousand has all of them in memory, so each is one number: the hash of the row, and in its last two bits what is counted.
 */
export class KnownPeople implements KnowsRows, KnownRows {
  readonly #rows = new Map<string, number>();

  constructor(
    private readonly run: ForRun,
    private readonly records: UpstreamRecordRepository,
    private readonly policy: SyncPolicy,
    private readonly basis: OutputOf<typeof syncBasis>,
  ) {}

  async readBy(reading: string): Promise<KnownRows> {
    const { orgId, propertyId } = this.run;
    const askedFor = new Set(this.basis.again);
    for await (const record of this.records.stream({ orgId, propertyId, 'row.reading': reading }, { fields }))
      if (record.row && !askedFor.has(record.upstreamId) && isSettledByItself(record, this.policy, this.basis.basis))
        this.#rows.set(record.upstreamId, record.row.hash * 4 + flagsOf(record));
    return this;
  }

  is(upstreamId: string, row: number): boolean {
    const known = this.#rows.get(upstreamId);
    return known !== undefined && Math.floor(known / 4) === row;
  }

  of(upstreamId: string): SameAsBefore | undefined {
    const known = this.#rows.get(upstreamId);
    return known === undefined ? undefined : { lives: known % 2 === living, skipped: known % 4 >= leftOut };
  }
}

/** As `isSettled` of the person themselves, who is what the record says as long as their row is. */
export function isSettledByItself(record: Remembered, policy: SyncPolicy, basis: string): boolean {
  const { traits, hash } = record;
  if (!traits || hash === notYetTold) return false;
  const skip = leftOutBy(policy, { role: traits.role, email: traits.hasEmail ? '' : null }, record);
  return isSettled(record, { hash, leftOut: skip?.code ?? null, basis, askedFor: false });
}

const flagsOf = ({ traits, skipped }: Remembered): number => (traits?.lives ? living : 0) + (skipped ? leftOut : 0);
