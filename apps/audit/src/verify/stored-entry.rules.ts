import { hashOf, type ChainedEntry, type SealedBox } from '../chain/chain.rules.js';
import { foundBy } from '../record/wire-text.rules.js';
import type { WalkedEntry } from './chain-walk.rules.js';

type Raw = Readonly<Record<string, unknown>>;

/** An entry as it lies in the database, whatever somebody made of it. */
export function walked(raw: Raw): WalkedEntry {
  const entry = chainedIn(raw);
  const hash = textIn(raw, 'hash');
  return {
    id: textIn(raw, '_id'),
    seq: numberIn(raw, 'seq'),
    hash,
    previousHash: textIn(raw, 'previousHash'),
    sound: entry !== null && hashOf(entry) === hash && fits(raw, entry),
  };
}

/** What it is found by is derived from what is hashed, and must agree with it. */
function fits(raw: Raw, entry: ChainedEntry): boolean {
  const { types, scope } = foundBy(entry);
  const stored = raw['types'];
  return (
    raw['scope'] === scope &&
    Array.isArray(stored) &&
    stored.length === types.length &&
    types.every((type, at) => stored[at] === type)
  );
}

function chainedIn(raw: Raw): ChainedEntry | null {
  const { at, recordedAt, personal } = raw;
  const boxes = Array.isArray(personal) ? personal.map(boxIn) : [];
  if (!isMoment(at) || !isMoment(recordedAt) || !Array.isArray(personal)) return null;
  return {
    _id: textIn(raw, '_id'),
    orgId: textIn(raw, 'orgId'),
    seq: numberIn(raw, 'seq'),
    at,
    recordedAt,
    actor: textIn(raw, 'actor'),
    type: textIn(raw, 'type'),
    entity: textIn(raw, 'entity'),
    entityEpoch: numberIn(raw, 'entityEpoch'),
    entityVersion: numberIn(raw, 'entityVersion'),
    propertyId: textOrNull(raw, 'propertyId'),
    correlationId: textIn(raw, 'correlationId'),
    causationId: textOrNull(raw, 'causationId'),
    eventId: textIn(raw, 'eventId'),
    content: textIn(raw, 'content'),
    personal: boxes,
    previousHash: textIn(raw, 'previousHash'),
  };
}

function boxIn(value: unknown): SealedBox {
  const fields: Raw = typeof value === 'object' && value !== null ? { ...value } : {};
  return { person: textIn(fields, 'person'), box: textIn(fields, 'box'), digest: textIn(fields, 'digest') };
}

// What is not of its kind becomes something that no entry holds, so that its hash does not fit.
const textIn = (raw: Raw, key: string): string => (typeof raw[key] === 'string' ? raw[key] : `\0${typeof raw[key]}`);
const textOrNull = (raw: Raw, key: string): string | null => (raw[key] === null ? null : textIn(raw, key));
function numberIn(raw: Raw, key: string): number {
  const value = raw[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : -1;
}
const isMoment = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());
