import { sentences } from './sentences.js';
import { isMarkedFields, Personal, type Marked, type MarkedFields } from './marked.js';

export interface Told {
  /** The type of the event: `identity.staff.invited.v1`. */
  readonly type: string;
  readonly actor: string;
  readonly subject: string;
  readonly data: Marked;
  /** What the contract of the type says, when this build knows it. */
  readonly describe?: string | undefined;
  readonly nameOf: (id: string) => Marked | undefined;
}

/** Pieces of the sentence: texts, and names that belong to somebody. */
export function sentenceOf(told: Told): Marked[] {
  const pieces: Marked[] = [];
  for (const piece of templateOf(told).split(/(\{[^}]*\})/)) {
    if (piece === '') continue;
    pieces.push(piece.startsWith('{') ? filled(piece.slice(1, -1), told) : piece);
  }
  return pieces;
}

function templateOf({ type, describe }: Told): string {
  const name = type.replace(/\.v\d+$/, '');
  const known = sentences[name];
  if (known !== undefined) return known;
  if (describe !== undefined) return `${withoutBraces(describe)} By {actor}, on {subject}.`;
  const words = name.split('.').slice(1).join(' ').replaceAll('-', ' ');
  return `{actor}: ${withoutBraces(words)}, on {subject}.`;
}

const withoutBraces = (text: string): string => text.replace(/[{}]/g, '');

function filled(slot: string, told: Told): Marked {
  const choice = /^(\S+) \? (.*) : (.*)$/.exec(slot);
  if (choice) return valueAt(told.data, choice[1] ?? '') === true ? (choice[2] ?? '') : (choice[3] ?? '');
  if (slot === 'actor') return actorText(told.actor, told.nameOf);
  if (slot === 'subject') return told.nameOf(told.subject) ?? told.subject;
  const named = /^name (\S+)$/.exec(slot);
  const value = valueAt(told.data, named?.[1] ?? slot);
  if (typeof value === 'string') return ((named ?? isId(value)) ? told.nameOf(value) : undefined) ?? value;
  if (value instanceof Personal || typeof value === 'number' || typeof value === 'boolean') return value;
  return '(unknown)';
}

/** `staff:stf_…` by name; a service by what it is. */
export function actorText(actor: string, nameOf: Told['nameOf']): Marked {
  const colon = actor.indexOf(':');
  const [kind, id] = [actor.slice(0, colon), actor.slice(colon + 1)];
  if (kind === 'service') return `The service ${id}`;
  return nameOf(id) ?? actor;
}

const isId = (text: string): boolean => /^[a-z]+_[0-9a-hjkmnp-tv-z]{26}$/.test(text);

function valueAt(data: Marked, path: string): Marked | undefined {
  let value: Marked | undefined = data;
  for (const step of path.split('.')) {
    if (!isMarkedFields(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** What a thing is called: by its name, or by the names of a human. */
export function nameIn(state: MarkedFields): Marked | undefined {
  for (const key of ['name', 'fullName', 'displayName', 'title']) {
    const name = state[key];
    if (name instanceof Personal ? name.value !== null : typeof name === 'string') return name;
  }
  const [first, last] = [state['firstName'], state['lastName']];
  if (first instanceof Personal && last instanceof Personal)
    return new Personal(first.person, `${text(first)} ${text(last)}`.trim());
  return first instanceof Personal ? first : undefined;
}

const text = ({ value }: Personal): string => (typeof value === 'string' ? value : '');
