import type { UpstreamPerson } from '@leasewire/contracts';
import { displayNameOf } from '../decision/fields.rules.js';
import { isSame } from '../same.rules.js';
import { fold } from '../search-words.rules.js';
import type { ResidentDoc } from './resident.repository.js';

type Said = Pick<UpstreamPerson, 'name' | 'email' | 'phones'>;

/** Somebody new, or of whom there is something new to compare: an address may come after the name. */
export function mayBeAnother(said: Said, before: ResidentDoc | null): boolean {
  if (before === null) return true;
  if (before.duplicateOf !== null || before.upstream === null) return false;
  const { name, email, phones } = before.upstream;
  return !isSame([said.name, said.email, said.phones], [name, email, phones]);
}

/** The same name with the same address or phone is proposed to staff; not whom they said to be another, nor who is this person already. */
export function samePerson(
  { name, email, phones }: Said,
  before: ResidentDoc | null,
  similar: readonly ResidentDoc[],
): ResidentDoc['duplicateOf'] {
  const wanted = fold(displayNameOf(name));
  const numbers = new Set(phones.flatMap(({ e164 }) => e164 ?? []));
  const same = similar.filter(
    (other) =>
      isOpen(other, before) &&
      other.sort.name === wanted &&
      ((email !== null && other.email === email) || other.phones.some(({ e164 }) => e164 !== null && numbers.has(e164))),
  );
  // who has left may be back under another id; who is here comes first
  return (same.find(({ state }) => state !== 'archived') ?? same[0])?._id ?? null;
}

/**
 * Under the number that another source had given them: it is who they were when their name or address is the same too. A
 * phone proves less: one of the manager's stands in many records.
 */
export const resembles = ({ name, email }: Said, known: Pick<ResidentDoc, 'name' | 'email'>): boolean =>
  fold(displayNameOf(name)) === fold(displayNameOf(known.name)) || (email !== null && email === known.email);

/** Nobody has decided on these two, and they are not proposed the other way round. */
const isOpen = (other: ResidentDoc, before: ResidentDoc | null): boolean =>
  before === null ||
  (other.personId !== before.personId &&
    other.duplicateOf !== before._id &&
    !before.notDuplicates.includes(other._id) &&
    !other.notDuplicates.includes(before._id));
