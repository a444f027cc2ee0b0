import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** What the first entry of an organization has for the hash before it. */
export const genesisHash = '0'.repeat(64);

/** A box of personal fields as it lies in an entry: unreadable once the person's key is gone, and still hashed. */
export interface SealedBox {
  readonly person: string;
  /** Ciphertext; empty for somebody who was erased before this was recorded. */
  readonly box: string;
  /** Salted: the salt lies within the box, so without it nobody can try values. Commits to the plain text, which AES-GCM does not. */
  readonly digest: string;
}

/** Everything an entry commits to. Whatever is not in here may be changed without the chain noticing. */
export interface ChainedEntry {
  readonly _id: string;
  readonly orgId: string;
  readonly seq: number;
  readonly at: Date;
  readonly recordedAt: Date;
  readonly actor: string;
  readonly type: string;
  readonly entity: string;
  readonly entityEpoch: number;
  readonly entityVersion: number;
  readonly propertyId: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly eventId: string;
  /** Canonical JSON: who, what, before, after, with places where the boxes fill in. */
  readonly content: string;
  readonly personal: readonly SealedBox[];
  readonly previousHash: string;
}

/** Names the form of what is hashed. A new form is a new number; old entries keep theirs for ever. */
export const entryForm = 1;

export function hashOf(entry: ChainedEntry): string {
  const text = canonicalJson({
    form: entryForm,
    id: entry._id,
    orgId: entry.orgId,
    seq: entry.seq,
    at: entry.at.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
    actor: entry.actor,
    type: entry.type,
    entity: entry.entity,
    entityEpoch: entry.entityEpoch,
    entityVersion: entry.entityVersion,
    propertyId: entry.propertyId,
    correlationId: entry.correlationId,
    causationId: entry.causationId,
    eventId: entry.eventId,
    content: entry.content,
    personal: entry.personal.map(({ person, box, digest }) => ({ person, box, digest })),
    previousHash: entry.previousHash,
  });
  return createHash('sha256').update(text).digest('hex');
}

/** Where a chain stands: its last entry, or the last one retired, or nothing yet. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string;
}

export const beginning: ChainPosition = { seq: 0, hash: genesisHash };

export function nextAfter<E extends Omit<ChainedEntry, 'seq' | 'previousHash'>>(
  last: ChainPosition,
  entry: E,
): E & { seq: number; previousHash: string; hash: string } {
  const chained = { ...entry, seq: last.seq + 1, previousHash: last.hash };
  return { ...chained, hash: hashOf(chained) };
}

interface Arrival {
  readonly entity: string;
  readonly epoch: number;
  readonly version: number;
}

/**
 * Arrival decides, but what is about the same thing is put in the order of its versions, in the places that its arrivals
 * hold. It only sees one batch: what was delivered much later stays late, and says so by its version.
 */
export function inOrder<A extends Arrival>(arrivals: readonly A[]): A[] {
  const byEntity = new Map<string, A[]>();
  for (const arrival of arrivals) {
    const group = byEntity.get(arrival.entity);
    if (group) group.push(arrival);
    else byEntity.set(arrival.entity, [arrival]);
  }
  for (const group of byEntity.values()) group.sort((a, b) => a.epoch - b.epoch || a.version - b.version);
  const taken = new Map<string, number>();
  return arrivals.map((arrival) => {
    const at = taken.get(arrival.entity) ?? 0;
    taken.set(arrival.entity, at + 1);
    return byEntity.get(arrival.entity)?.[at] ?? arrival;
  });
}
