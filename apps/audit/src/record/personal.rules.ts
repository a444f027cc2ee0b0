import { isFields, isList, type Json } from '../chain/canonical-json.js';
import { fieldsOf, Personal, type Marked } from './marked.js';

const body = '[0-9a-hjkmnp-tv-z]{26}';
const personId = new RegExp(`^(?:stf|per)_${body}$`);
const anyId = new RegExp(`^[a-z]+_(?:[a-z-]+_)?${body}$`);

/** A staff member or a resident's person; keys, sessions and services are nobody. */
export function asPerson(id: unknown): string | null {
  return typeof id === 'string' && personId.test(id) ? id : null;
}

/** `staff:stf_…` and `resident:per_…` are somebody. */
export function personOfActor(actor: string): string | null {
  return asPerson(actor.slice(actor.indexOf(':') + 1));
}

/** Wherever one of these words stands in the name of a field, its value tells who somebody is. */
const always = new Set('email mail phone mobile fax surname birth birthday birthdate dob ip passport'.split(' '));
/** These only at the end of a name: `firstName`, `homeAddress`, `userAgent`. */
const atTheEnd = new Set(
  'name names nickname address addresses agent avatar photo picture signature note notes comment title'.split(' '),
);
/** A field that ends so says something about such a value and not the value: `emailVerifiedAt`, `phoneType`. */
const aboutIt = new Set('at id ids count state status type kind verified confirmed consent enabled required locale'.split(' '));
const mailAddress = /[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+/;

export function isPersonalField(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (aboutIt.has(last)) return false;
  return atTheEnd.has(last) || words.some((word) => always.has(word) || always.has(word.replace(/s$/, '')));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/**
 * Marks what in the data of an event is somebody's. Whose a field is says the nearest thing around it: its `personId` or
 * `staffId`, its `id` when it is a person; a thing of another kind (a role, a unit) is nobody's, and so is its name. Around
 * everything is the subject of the event.
 */
export function markPersonal(data: Json, subject: string): Marked {
  return mark(data, asPerson(subject));
}

function mark(value: Json, owner: string | null): Marked {
  if (typeof value === 'string') return owner !== null && mailAddress.test(value) ? new Personal(owner, value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => mark(item, owner));
  const whose = ownerOf(value, owner);
  return fieldsOf(
    Object.entries(value).map(([name, field]) => [
      name,
      whose !== null && isPersonalField(name) && tells(field) ? new Personal(whose, field) : mark(field, whose),
    ]),
  );
}

function ownerOf(thing: { readonly [key: string]: Json }, around: string | null): string | null {
  const named = asPerson(thing['personId']) ?? asPerson(thing['staffId']) ?? asPerson(thing['id']);
  if (named !== null) return named;
  const { id } = thing;
  return typeof id === 'string' && anyId.test(id) ? null : around;
}

/** Yes and no, and nothing, tell of nobody. Nor does a reference to something else. */
function tells(value: Json): boolean {
  if (value === null || typeof value === 'boolean') return false;
  if (typeof value === 'string') return value !== '' && !anyId.test(value);
  if (isList(value)) return value.some(tells);
  return !isFields(value) || Object.values(value).some(tells);
}
