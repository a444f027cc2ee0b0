import type { OrgId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PersonKeys } from '../person/person-key.repository.js';
import { openValues, sealValues, type PersonKey } from '../person/sealed-values.rules.js';
import { putTogether, takeApart } from '../record/content.rules.js';
import { isMarkedFields, isMarkedList, Personal, type Marked } from '../record/marked.js';
import type { SealedBox } from './chain.rules.js';

/** Content as it is stored: open text, and a box for each person in it. */
export interface Sealed {
  readonly content: string;
  readonly personal: readonly SealedBox[];
}

/** Seals and opens with the keys of some people of one organization, for one transaction or one answer. */
export class KeysAtHand {
  constructor(
    private readonly orgId: OrgId,
    private readonly keys: ReadonlyMap<string, PersonKey>,
  ) {}

  seal(content: Marked): Sealed & { personal: SealedBox[] } {
    const { text, personal } = takeApart(content);
    return { content: text, personal: personal.map((values) => sealValues(values, this.#keyOf(values.person), this.orgId)) };
  }

  open({ content, personal }: Sealed): Marked {
    return putTogether(
      content,
      personal.map((box) => openValues(box, this.#keyOf(box.person), this.orgId)),
    );
  }

  isErased(person: string): boolean {
    return this.#keyOf(person) === null;
  }

  #keyOf(person: string): PersonKey {
    return this.keys.get(person) ?? null;
  }
}

@Injectable()
export class Sealer {
  constructor(private readonly people: PersonKeys) {}

  async toSeal(tx: Tx, orgId: OrgId, people: Iterable<string>): Promise<KeysAtHand> {
    return new KeysAtHand(orgId, await this.people.toSeal(tx, orgId, [...new Set(people)].sort()));
  }

  async toOpen(orgId: OrgId, sealed: readonly Sealed[]): Promise<KeysAtHand> {
    return new KeysAtHand(orgId, await this.people.toOpen(orgId, [...new Set(peopleIn(sealed))]));
  }
}

export const peopleIn = (sealed: readonly Pick<Sealed, 'personal'>[]): string[] =>
  sealed.flatMap(({ personal }) => personal.map(({ person }) => person));

/** Everybody whose values are in there. */
export function ownersIn(value: Marked): string[] {
  if (value instanceof Personal) return [value.person];
  if (isMarkedList(value)) return value.flatMap(ownersIn);
  return isMarkedFields(value) ? Object.values(value).flatMap(ownersIn) : [];
}
