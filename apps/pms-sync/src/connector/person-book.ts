import { UpstreamPerson } from '@leasewire/contracts';
import type { KnownPerson, OnlyRow, PeoplePage, RejectedRow } from './connector.js';
import type { Verdict } from './paging.js';

type Stay = UpstreamPerson['stays'][number];
type Status = Stay['status'];
type Role = UpstreamPerson['role'];

const statusOrder: readonly Status[] = ['current', 'notice', 'future', 'applicant', 'past', 'cancelled'];
const roleOrder: readonly Role[] = [
  'primary',
  'owner',
  'tenant',
  'co-applicant',
  'committee',
  'occupant',
  'other',
  'guarantor',
  'placeholder',
];
const typeOrder: readonly string[] = ['resident', 'owner-occupier', 'tenant', 'owner-investor', 'committee'];
const pageSize = 200;
const mostStays = 50;
/** Known already: the pages of whom nothing was read may be large. */
const sameOnAPage = 5000;

/** Of whom nothing was read, because it is known. */
interface Passed {
  readonly reading: string;
  readonly over: { people(): Iterable<KnownPerson> };
}

/**
 * One human once, by customer id, with all their stays from all pages: a person's second lease may be on the last one. It holds
 * the mapped people of one property, not the vendor's pages.
 */
export class PersonBook {
  readonly #people = new Map<string, UpstreamPerson>();
  readonly #rejected: RejectedRow[] = [];
  readonly #unreadable = new Set<string>();
  /** The one row of each; null: there are several. */
  readonly #rows = new Map<string, OnlyRow | null>();
  #nameless = 0;

  /** A later mention of the same lease wins: it was fetched later. `row`: all that this was read from. */
  add(person: UpstreamPerson, row: OnlyRow | null = null): void {
    const { upstreamId } = person;
    const known = this.#people.get(upstreamId);
    this.#people.set(upstreamId, known ? merge(known, person) : person);
    this.#rows.set(upstreamId, !known || this.#rows.get(upstreamId)?.hash === row?.hash ? row : null);
  }

  /** Never half a person: one row that cannot be read takes the others of the same person with it. */
  reject(row: RejectedRow): void {
    if (row.upstreamId === null) this.#nameless += 1;
    else this.#unreadable.add(row.upstreamId);
    this.#rejected.push(row);
  }

  put(found: UpstreamPerson | RejectedRow | null): void {
    if (found === null) return;
    if ('stays' in found) this.add(found);
    else this.reject(found);
  }

  /** Where a vendor cannot be asked for some, they are chosen from all. Who cannot be read stays told. */
  keep(isWanted: (person: UpstreamPerson) => boolean): void {
    for (const [id, person] of this.#people) if (!isWanted(person)) this.#people.delete(id);
  }

  get size(): number {
    return this.#people.size;
  }

  has(upstreamId: string): boolean {
    return this.#people.has(upstreamId);
  }

  people(): IterableIterator<UpstreamPerson> {
    return this.#people.values();
  }

  /** What is in the book now may be changed before it is given out: balances come from another call. */
  change(change: (person: UpstreamPerson) => UpstreamPerson): void {
    for (const [id, person] of this.#people) this.#people.set(id, change(person));
  }

  *pages(verdict: Verdict, passed?: Passed): Generator<PeoplePage> {
    const whole = this.#nameless === 0 ? verdict : withNameless(verdict, this.#nameless);
    const last = { complete: whole.complete, ...(whole.why !== undefined && { why: whole.why }) };
    if (passed) yield* this.#same(passed.over.people());
    const page = (people: UpstreamPerson[], rejected: RejectedRow[]): PeoplePage => ({
      people,
      rejected,
      ...(passed && { rows: { reading: passed.reading, of: this.#rowsOf(people) } }),
    });
    let people: UpstreamPerson[] = [];
    for (const [id, person] of this.#people) {
      this.#people.delete(id);
      if (this.#unreadable.has(id)) continue;
      const checked = UpstreamPerson.safeParse(tidied(person));
      if (checked.success) people.push(checked.data);
      else
        this.reject({
          upstreamId: id,
          field: checked.error.issues[0]?.path.join('.') ?? '',
          reason: 'It is not what we can keep.',
        });
      if (people.length < pageSize) continue;
      yield page(people, []);
      people = [];
    }
    yield { ...page(people, this.#rejected), ...last };
  }

  *#same(people: Iterable<KnownPerson>): Generator<PeoplePage> {
    let same: KnownPerson[] = [];
    for (const person of people) {
      if (this.#unreadable.has(person.upstreamId)) continue;
      if (same.push(person) < sameOnAPage) continue;
      yield { people: [], rejected: [], same };
      same = [];
    }
    if (same.length > 0) yield { people: [], rejected: [], same };
  }

  #rowsOf(people: readonly UpstreamPerson[]): Map<string, OnlyRow> {
    const rows = new Map<string, OnlyRow>();
    for (const { upstreamId } of people) {
      const row = this.#rows.get(upstreamId);
      this.#rows.delete(upstreamId);
      if (row) rows.set(upstreamId, row);
    }
    return rows;
  }
}

function withNameless(verdict: Verdict, count: number): Verdict {
  const why = `${count} row${count === 1 ? '' : 's'} did not say whom ${count === 1 ? 'it is' : 'they are'} about.`;
  return { complete: false, why: verdict.why === undefined ? why : `${verdict.why} ${why}` };
}

function merge(known: UpstreamPerson, added: UpstreamPerson): UpstreamPerson {
  const [better, other] = standing(added) <= standing(known) ? [added, known] : [known, added];
  const email = better.email === null ? other : better;
  const { emailRaw: _, ...rest } = better;
  return {
    ...rest,
    email: email.email,
    ...(email.emailRaw !== undefined && { emailRaw: email.emailRaw }),
    phones: better.phones.length > 0 ? better.phones : other.phones,
    userTypes: [...new Set([...better.userTypes, ...other.userTypes])],
    role: roleOf(known, added),
    stays: mergedStays(known, added),
  };
}

/** Guaranteeing somebody else's lease is no stay: it must not give access beside a lease of one's own. */
function mergedStays(known: UpstreamPerson, added: UpstreamPerson): Stay[] {
  const own = [known, added].filter((one) => one.role !== 'guarantor');
  const stays = new Map<string, Stay>();
  for (const one of own.length > 0 ? own : [known, added])
    for (const stay of one.stays) stays.set(`${stay.leaseId} ${stay.unitId ?? ''}`, stay);
  return [...stays.values()];
}

const roleOf = (a: UpstreamPerson, b: UpstreamPerson): Role =>
  standing(a) !== standing(b) && isReal(a) && isReal(b)
    ? standing(a) < standing(b)
      ? a.role
      : b.role
    : roleOrder.indexOf(a.role) <= roleOrder.indexOf(b.role)
      ? a.role
      : b.role;
const isReal = (person: UpstreamPerson) => person.role !== 'guarantor' && person.role !== 'placeholder';
const standing = (person: UpstreamPerson) => Math.min(99, ...person.stays.map((stay) => statusOrder.indexOf(stay.status)));

/** In an order of its own, so that a vendor's other order is no change. */
function tidied(person: UpstreamPerson): UpstreamPerson {
  const byImportance = [...person.stays].sort(
    (a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status) || compareStays(b, a),
  );
  return {
    ...person,
    userTypes: [...person.userTypes].sort((a, b) => typeOrder.indexOf(a) - typeOrder.indexOf(b)),
    stays: byImportance.slice(0, mostStays).sort(compareStays),
  };
}

const keyOf = (stay: Stay) => `${stay.moveIn ?? stay.leaseStart ?? ''} ${stay.leaseId} ${stay.unitId ?? ''}`;
const compareStays = (a: Stay, b: Stay) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0);
