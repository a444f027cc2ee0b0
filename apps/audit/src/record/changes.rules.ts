import { fieldsOf, isMarkedFields, sameMarked, type Marked, type MarkedFields } from './marked.js';

/** A thing within the data of an event, with its full state. */
export interface Part {
  /** Its name in the data; null when the data is the thing. */
  readonly key: string | null;
  readonly id: string;
  /** What its state is kept under. The version of an event counts for its subject, so a thing within has a state for each. */
  readonly stateKey: string;
  readonly state: MarkedFields;
}

export interface Changes {
  readonly before: MarkedFields | null;
  readonly after: MarkedFields | null;
}

/** Of no interest to a reader: they change with everything. */
const bookkeeping = new Set(['version', 'updatedAt']);

/**
 * The things in an event: what has an id, or a version (then it is the state of the event's subject). Everything else
 * (a cause, a reason) belongs to the event alone.
 */
export function partsOf(data: Marked, subject: string): { parts: Part[]; said: MarkedFields } {
  if (!isMarkedFields(data)) return { parts: [], said: { data } };
  const whole = partOf(null, data, subject);
  if (whole) return { parts: [whole], said: {} };
  const parts: Part[] = [];
  const said: [string, Marked][] = [];
  for (const [key, value] of Object.entries(data)) {
    const part = isMarkedFields(value) ? partOf(key, value, subject) : null;
    if (part) parts.push(part);
    else said.push([key, value]);
  }
  return { parts, said: fieldsOf(said) };
}

function partOf(key: string | null, value: MarkedFields, subject: string): Part | null {
  const { id } = value;
  if (typeof id === 'string') return { key, id, stateKey: id === subject ? id : `${subject}/${id}`, state: value };
  return Number.isInteger(value['version']) ? { key, id: subject, stateKey: subject, state: value } : null;
}

/** What changed from one state to the next; null where nothing was, or nothing is any more. */
export function changesBetween(before: MarkedFields | null, after: MarkedFields | null): Changes {
  if (before === null || after === null) return { before: before && interesting(before), after: after && interesting(after) };
  const difference = differenceOf(interesting(before), interesting(after));
  return difference ?? { before: null, after: null };
}

function interesting(state: MarkedFields): MarkedFields {
  return fieldsOf(Object.entries(state).filter(([name]) => !bookkeeping.has(name)));
}

function differenceOf(before: MarkedFields, after: MarkedFields): { before: MarkedFields; after: MarkedFields } | null {
  const was: [string, Marked][] = [];
  const is: [string, Marked][] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [own(before, name), own(after, name)];
    if (sameMarked(a, b)) continue;
    const inner = isMarkedFields(a) && isMarkedFields(b) ? differenceOf(a, b) : null;
    const [old, now] = inner ? [inner.before, inner.after] : [a, b];
    if (old !== undefined) was.push([name, old]);
    if (now !== undefined) is.push([name, now]);
  }
  return was.length + is.length === 0 ? null : { before: fieldsOf(was), after: fieldsOf(is) };
}

const own = (fields: MarkedFields, name: string): Marked | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);

/** Puts the changes of all parts where they stand in the event, and what the event says beside them. */
export function changesOfEvent(parts: readonly (Changes & { key: string | null })[], said: MarkedFields): Changes {
  const before: [string, Marked][] = [];
  const after: [string, Marked][] = [];
  for (const part of parts) {
    for (const [entries, state] of [
      [before, part.before],
      [after, part.after],
    ] as const) {
      if (state === null) continue;
      if (part.key === null) entries.push(...Object.entries(state));
      else entries.push([part.key, state]);
    }
  }
  after.push(...Object.entries(said));
  return { before: before.length > 0 ? fieldsOf(before) : null, after: after.length > 0 ? fieldsOf(after) : null };
}
