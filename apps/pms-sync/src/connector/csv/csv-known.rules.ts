import type { LocalDate, Resident, UpstreamPerson } from '@leasewire/contracts';
import { folded, type Name } from '../names.rules.js';
import type { Phone } from '../phones.rules.js';

/** Somebody whom the property has already: from an earlier file, or added by hand. */
export interface KnownPerson {
  /** What the last file called them; for somebody who was added by hand the id of the resident. */
  readonly id: string;
  readonly name: Name;
  readonly email: string | null;
  readonly phones: readonly Phone[];
  readonly userTypes: UpstreamPerson['userTypes'];
  readonly role: UpstreamPerson['role'] | null;
  /** As somebody said it of them; the property’s is nobody’s word. */
  readonly language?: string | null;
  /** Where they live or will. */
  readonly places: readonly {
    readonly unitId: string | null;
    readonly unit: string | null;
    readonly bedroom: string | null;
    readonly moveIn: LocalDate | null;
    readonly moveOut: LocalDate | null;
    readonly leaseEnd?: LocalDate | null;
  }[];
}

/** What a row says of who it is about; what it does not say is null. */
export interface Described {
  readonly id: string | null;
  readonly name: Pick<Name, 'first' | 'last'>;
  readonly email: string | null;
  readonly phone: string | null;
  readonly unitId: string | null;
}

export function knownPersonOf(resident: Resident): KnownPerson {
  const { id, upstreamId, name, email, phones, userTypes, role } = resident;
  const language = saidOf(resident);
  const places = resident.occupancies
    .filter(({ endedAt }) => endedAt === null)
    .map(({ unitId, unit, bedroom, from, until, leaseEnd }) => ({
      unitId,
      unit,
      bedroom,
      moveIn: from,
      moveOut: until,
      leaseEnd,
    }));
  return { id: upstreamId ?? id, name, email, phones, userTypes, role, language, places };
}

export const saidOf = ({ language, sources }: Pick<Resident, 'language' | 'sources'>): string | null =>
  sources['language'] === undefined ? null : (language ?? null);

export const nameKeyOf = ({ first, last }: Pick<Name, 'first' | 'last'>): string => folded(`${first} ${last}`);

/** An id that we gave; in a file it can only come from a template. */
export const isOurs = (id: string): boolean => /^res_[0-9a-hjkmnp-tv-z]{26}$/.test(id);

/** Finds whom a row is about. A name alone is nobody’s, nor is an e-mail address or a phone number: families share them. */
export class KnownPeople {
  readonly #byId: ReadonlyMap<string, KnownPerson>;
  readonly #byName = new Map<string, KnownPerson[]>();
  readonly #byContact = new Map<string, KnownPerson[]>();

  constructor(readonly all: readonly KnownPerson[]) {
    this.#byId = new Map(all.map((person) => [person.id, person]));
    for (const person of all) {
      put(this.#byName, nameKeyOf(person.name), person);
      if (person.email !== null) put(this.#byContact, person.email, person);
      for (const { e164 } of person.phones) if (e164 !== null) put(this.#byContact, e164, person);
    }
  }

  get(id: string): KnownPerson | null {
    return this.#byId.get(id) ?? null;
  }

  /** The same name, and the same e-mail address, phone number or unit; null where that is nobody, or several. */
  same({ name, email, phone, unitId }: Described): KnownPerson | null {
    const named = this.#byName.get(nameKeyOf(name)) ?? [];
    const alike = [
      (person: KnownPerson) => email !== null && person.email === email,
      (person: KnownPerson) => phone !== null && person.phones.some(({ e164 }) => e164 === phone),
      (person: KnownPerson) => unitId !== null && person.places.some((place) => place.unitId === unitId),
    ];
    const found = alike.map((is) => named.filter(is)).find((some) => some.length > 0) ?? [];
    return found.length === 1 ? (found[0] ?? null) : null;
  }

  /** Everybody whom a row that cannot be used may be about; null: it could be anybody. */
  perhaps({ id, name, email, phone }: Described): KnownPerson[] | null {
    const key = nameKeyOf(name);
    if (id === null && key === '' && email === null && phone === null) return null;
    const byId = id === null ? undefined : this.#byId.get(id);
    const byContact = [email, phone].flatMap((contact) => (contact === null ? [] : (this.#byContact.get(contact) ?? [])));
    return [...(byId ? [byId] : []), ...(key === '' ? [] : (this.#byName.get(key) ?? [])), ...byContact];
  }
}

function put(map: Map<string, KnownPerson[]>, key: string, person: KnownPerson): void {
  const some = map.get(key);
  if (some) some.push(person);
  else map.set(key, [person]);
}

/** Which of our columns a file has: what it has no column for it does not deny. */
export interface Told {
  readonly email: boolean;
  readonly phone: boolean;
  readonly sms: boolean;
  readonly userType: boolean;
}
type Said = Pick<UpstreamPerson, 'name' | 'email' | 'emailRaw' | 'phones' | 'userTypes' | 'role' | 'language'>;

/** What a row says laid over what is known: written another way it is the same, and what there is no column for stays. */
export function overKnown(said: Said, known: KnownPerson, told: Told): Said {
  const { emailRaw, ...rest } = said;
  const userTypes = told.userType ? said.userTypes : known.userTypes;
  const sameTypes = userTypes.length === known.userTypes.length && userTypes.every((type) => known.userTypes.includes(type));
  return {
    ...rest,
    name: isSameName(said.name, known.name) ? known.name : said.name,
    email: told.email ? said.email : known.email,
    ...(told.email && emailRaw !== undefined && { emailRaw }),
    phones: phonesOver(said.phones, known.phones, told),
    userTypes: sameTypes ? known.userTypes : userTypes,
    role: sameTypes && known.role !== null ? known.role : said.role,
  };
}

/** As a template writes it: the nickname in brackets. */
export function writtenName({ first, last, preferred, company = '' }: Name): { first: string; last: string } {
  const nickname = preferred === undefined ? '' : ` (${preferred})`;
  return { first: `${first}${nickname}`.trim(), last: last === '' ? company : last };
}

/** Nicknames and companies are seldom in a file, and not denied by it. */
function isSameName(said: Name, known: Name): boolean {
  const written = writtenName(known);
  if (said.raw === `${written.first} ${written.last}`.trim()) return true;
  const { first, last, preferred, company } = said;
  return (
    first === known.first &&
    last === known.last &&
    (company === undefined || company === known.company) &&
    (preferred === undefined || preferred === known.preferred)
  );
}

/** A file has one column for numbers; the others of somebody who is known stay beside it. */
function phonesOver(said: readonly Phone[], known: readonly Phone[], told: Told): Phone[] {
  const [own] = said;
  if (!told.phone) return [...known];
  if (!own) return [];
  const at = known.findIndex(({ e164, raw }) => (own.e164 === null ? raw === own.raw : e164 === own.e164));
  if (at < 0) return [own, ...known.slice(1)].slice(0, 10);
  return known.map((phone, place) => (place === at && told.sms ? { ...phone, kind: own.kind } : phone));
}
