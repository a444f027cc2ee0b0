import { eventByType, isNewer, type EntityVersion, type Fact } from '@leasewire/contracts';
import { toJson } from '../chain/canonical-json.js';
import { changesBetween, changesOfEvent, partsOf, type Changes, type Part } from './changes.rules.js';
import type { Content } from './content.rules.js';
import { shortened } from './large-values.rules.js';
import { Personal, type Marked, type MarkedFields } from './marked.js';
import { markPersonal } from './personal.rules.js';
import { searchWords, type SearchWord } from './search-words.rules.js';
import { withoutSecrets } from './secrets.rules.js';
import { actorText, nameIn, sentenceOf } from './sentence.rules.js';

/** The last that was heard of a thing. */
export interface KnownState {
  readonly version: EntityVersion;
  /** null: it was removed. */
  readonly state: MarkedFields | null;
  /** How it came to be so: two events of one version tell of the same change. */
  readonly changes: Changes;
}

export interface Recorded {
  readonly content: Content;
  readonly words: readonly SearchWord[];
  /** States to keep from now on. */
  readonly states: ReadonlyMap<string, KnownState>;
}

export type Event = Pick<Fact, 'type' | 'actor' | 'subject' | 'version' | 'data'>;

/** What is recorded of an event before it is sealed. */
export function prepared({ data, subject }: Pick<Event, 'data' | 'subject'>, digest: (text: string) => string): Marked {
  return markPersonal(shortened(withoutSecrets(toJson(data ?? null)), digest), subject);
}

/** The things whose last state must be known to record an event: those in it, and those that its sentence names. */
export function thingsToKnow(event: Event, data: Marked): string[] {
  const ids = new Set<string>([
    idOf(event.actor),
    event.subject,
    ...partsOf(data, event.subject).parts.map(({ stateKey }) => stateKey),
  ]);
  for (const reference of referencesIn(data)) ids.add(reference);
  return [...ids];
}

/** An event as an entry tells it, given the states known before it. */
export function record(event: Event, data: Marked, known: (id: string) => KnownState | undefined): Recorded {
  const { parts, said } = partsOf(data, event.subject);
  const states = new Map<string, KnownState>();
  const isGone = /\.(?:removed|deleted)\.v\d+$/.test(event.type);
  const changed = parts.map((part) => {
    const before = known(part.stateKey);
    const changes = changesTo(part.state, before, event.version, isGone);
    if (!before || isNewer(event.version, before.version))
      states.set(part.stateKey, { version: event.version, state: isGone ? null : part.state, changes });
    return { key: part.key, ...changes };
  });
  const card = nameCard(event.subject, parts);
  if (card && !states.has(event.subject)) states.set(event.subject, { version: event.version, state: card, changes: nothing });
  const nameOf = (id: string): Marked | undefined => {
    const state = parts.find((part) => part.id === id)?.state ?? states.get(id)?.state ?? known(id)?.state;
    return state ? nameIn(state) : undefined;
  };
  const { type, actor, subject } = event;
  const what = sentenceOf({ type, actor, subject, data, describe: eventByType(type)?.describe, nameOf });
  const actorName = nameOf(idOf(actor)) ?? (actor.startsWith('service:') ? actorText(actor, nameOf) : null);
  return { content: { actorName, what, ...changesOfEvent(changed, said) }, words: searchWords(what), states };
}

const nothing: Changes = { before: null, after: null };

/** What a person is called, where an event tells it only of something that is theirs, such as a resident. */
function nameCard(subject: string, parts: readonly Part[]): MarkedFields | undefined {
  const theirs = parts.find(({ id, state }) => id !== subject && state['personId'] === subject);
  const name = theirs && nameIn(theirs.state);
  return name instanceof Personal ? { id: subject, name } : undefined;
}

/**
 * Compared with what was known. A second event of the same version tells the same change in other words; a late one
 * cannot be compared any more, and tells everything that it holds.
 */
function changesTo(state: MarkedFields, before: KnownState | undefined, version: EntityVersion, isGone: boolean): Changes {
  if (isGone) return changesBetween(state, null);
  if (!before || isNewer(version, before.version)) return changesBetween(before?.state ?? null, state);
  return isNewer(before.version, version) ? changesBetween(null, state) : before.changes;
}

const idOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

/** Ids that a thing in the event holds under a name such as `staffId`. */
function referencesIn(data: Marked): string[] {
  const { parts, said } = partsOf(data, '');
  return [said, ...parts.map(({ state }) => state)].flatMap((fields) =>
    Object.entries(fields).flatMap(([key, value]) => (/Id$/.test(key) && typeof value === 'string' ? [value] : [])),
  );
}
