import { PersonId, StaffId, type Fact } from '@leasewire/contracts';

/** Who owns what is known of a person says when they are to be forgotten. */
const erasing = /^(?:identity\.staff|directory\.person)\.erased\.v\d+$/;

export type ErasablePerson = PersonId | StaffId;
const Erasable = PersonId.or(StaffId);

export function erasedBy(fact: Pick<Fact, 'type' | 'subject'>): ErasablePerson[] {
  const person = erasing.test(fact.type) ? Erasable.safeParse(fact.subject).data : undefined;
  return person === undefined ? [] : [person];
}
