import { canonicalJson, isFields, isList, parseJson, type Json } from '../chain/canonical-json.js';
import { fieldsOf, isMarkedFields, isMarkedList, Personal, type Marked, type MarkedFields } from './marked.js';

/** What an entry tells, whole. */
export interface Content {
  readonly actorName: Marked;
  /** Pieces of a sentence. */
  readonly what: readonly Marked[];
  readonly before: MarkedFields | null;
  readonly after: MarkedFields | null;
}

/** The values of one person, in the order in which the text refers to them. */
export interface PersonalValues {
  readonly person: string;
  readonly values: readonly Json[];
}

export interface TakenApart {
  /** Canonical JSON with `{"$": [person, value]}` where something was taken out; a key that begins with $ has one $ more. */
  readonly text: string;
  readonly personal: readonly PersonalValues[];
}

/** Takes out what is personal, so that it can be sealed for itself. */
export function takeApart(content: Marked): TakenApart {
  const people = new Map<string, { index: number; values: Json[] }>();
  const placeOf = ({ person, value }: Personal): Json => {
    const known = people.get(person) ?? { index: people.size, values: [] };
    people.set(person, known);
    return { $: [known.index, known.values.push(value) - 1] };
  };
  const open = (value: Marked): Json => {
    if (value instanceof Personal) return placeOf(value);
    if (isMarkedList(value)) return value.map(open);
    if (!isMarkedFields(value)) return value;
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)); // so that places do not depend on who wrote it
    return fieldsOf(fields.map(([key, field]) => [key.startsWith('$') ? `$${key}` : key, open(field)]));
  };
  const text = canonicalJson(open(content));
  return { text, personal: [...people].map(([person, { values }]) => ({ person, values })) };
}

/** `null`: this person was erased, and what was theirs reads null. */
export type OpenedValues = Omit<PersonalValues, 'values'> & { readonly values: readonly Json[] | null };

export function putTogether(text: string, personal: readonly OpenedValues[]): Marked {
  const close = (value: Json): Marked => {
    if (isList(value)) return value.map(close);
    if (!isFields(value)) return value;
    const place = value['$'];
    if (place !== undefined && isList(place)) {
      const whose = personal[Number(place[0])];
      return new Personal(whose?.person ?? '', whose?.values?.[Number(place[1])] ?? null);
    }
    return fieldsOf(Object.entries(value).map(([key, field]) => [key.startsWith('$') ? key.slice(1) : key, close(field)]));
  };
  return close(parseJson(text));
}

/** As whoever may read it sees it. */
export function plain(value: Marked): Json {
  if (value instanceof Personal) return value.value;
  if (isMarkedList(value)) return value.map(plain);
  if (!isMarkedFields(value)) return value;
  return fieldsOf(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

export const erasedText = '(erased)';

/** The pieces of a sentence as one text. */
export function asText(pieces: Marked | undefined): string {
  if (!isMarkedList(pieces)) return '';
  return pieces.map((piece) => textOf(piece instanceof Personal ? piece.value : plain(piece))).join('');
}

function textOf(value: Json): string {
  if (value === null) return erasedText;
  return typeof value === 'string' ? value : canonicalJson(value);
}
