import { beginning, nextAfter, type ChainedEntry, type ChainPosition } from '../../src/chain/chain.rules.js';

export type Chained = ChainedEntry & { hash: string };

const day = Date.UTC(2026, 10, 20);

/** An entry as it would be recorded; `n` makes it differ from others. */
export function unchained(n: number): Omit<ChainedEntry, 'seq' | 'previousHash'> {
  return {
    _id: `aud_${n}`,
    orgId: 'org_1',
    at: new Date(day + n),
    recordedAt: new Date(day + n),
    actor: 'staff:stf_1',
    type: 'identity.staff.changed.v1',
    entity: 'stf_2',
    entityEpoch: 0,
    entityVersion: n,
    propertyId: null,
    correlationId: `c${n}`,
    causationId: null,
    eventId: `evt_${n}`,
    content: JSON.stringify({ n }),
    personal: [{ person: 'stf_2', box: `box${n}`, digest: `digest${n}` }],
  };
}

export function chainOf(length: number, start: ChainPosition = beginning): Chained[] {
  const entries: Chained[] = [];
  let last = start;
  for (let n = 1; n <= length; n++) {
    const entry = nextAfter(last, unchained(start.seq + n));
    entries.push(entry);
    last = entry;
  }
  return entries;
}

/** Chains them anew, as somebody would who can write to the database and knows how hashes are made. */
export function rechained(entries: readonly Chained[], last: ChainPosition): Chained[] {
  return entries.map((entry) => {
    const { hash: _hash, seq: _seq, previousHash: _previous, ...rest } = entry;
    const chained = nextAfter(last, rest);
    last = chained;
    return chained;
  });
}
