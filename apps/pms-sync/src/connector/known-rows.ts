import { createHash, hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KnownPerson, KnownRows, KnowsRows, OnlyRow, PeoplePage, RejectedRow, UpstreamPerson } from './connector.js';
import { bothOf, type Verdict } from './paging.js';
import { PersonBook } from './person-book.js';
import type { Json } from './vendor-json.rules.js';
import type { WrittenRow } from './written-rows.js';

export interface RowsOfPeople {
  /** Of `readingOf`. */
  readonly reading: string;
  /** All pages of what a sweep asks for, each row once by its id. Asked a second time, all pages again. */
  eachRow(rows: RowsOfSweep, take: (row: WrittenRow) => void): Promise<Verdict>;
  idOf(row: Json): string | null;
  /** null: somebody whom the row does not name. */
  whoIsOn(row: Json): readonly (string | null)[];
  read(row: Json): ReadRow;
}
/** For whoever fetches them: neither needs a row that is known to be read. */
export interface RowsOfSweep {
  readonly isKnown: (hash: string) => boolean;
  readonly idOf: (row: WrittenRow) => string | null;
}
export interface ReadRow {
  readonly people: readonly UpstreamPerson[];
  readonly rejected: readonly RejectedRow[];
}

/**
 * Nearly every row of a sweep is what it was at the last one, and reading it costs more than fetching it. So a row is passed over
 * that is, to the letter, the only one by which everybody on it is known. Nobody is read by half.
 */
export async function* sweepRows(rows: RowsOfPeople, knows: KnowsRows): AsyncGenerator<PeoplePage> {
  const { reading } = rows;
  const known = await knows.readBy(reading);
  const over = new PassedOver(known);
  const book = new PersonBook();
  const sweep: RowsOfSweep = {
    isKnown: (hash) => known.has(hash),
    idOf: (row) => known.row(row.hash)?.id ?? rows.idOf(row.value),
  };
  const verdict = await rows.eachRow(sweep, (row) => {
    if (known.has(row.hash)) over.add(row.hash);
    else put(book, rows.read(row.value), onlyRow(rows, row));
  });
  const both = over.toReadAfterAll(book);
  const all = both.size === 0 ? verdict : bothOf(verdict, await readAfterAll(rows, sweep, known, book, both));
  yield* book.pages(all, { over, reading });
}

/** Their rows were let go, so all pages are asked for again. A row that is not what it was a moment ago can wait for the next sweep. */
async function readAfterAll(
  rows: RowsOfPeople,
  sweep: RowsOfSweep,
  known: KnownRows,
  book: PersonBook,
  both: ReadonlyMap<string, string>,
): Promise<Verdict> {
  const missing = new Set(both.keys());
  const isTheirs = ({ upstreamId }: { readonly upstreamId: string | null }) => upstreamId !== null && both.has(upstreamId);
  const verdict = await rows.eachRow(sweep, (row) => {
    const same = known.row(row.hash);
    const named = same ? same.people.map(({ upstreamId }) => upstreamId) : rows.whoIsOn(row.value);
    const ids = named.filter((id) => id !== null && both.has(id));
    if (ids.length === 0) return;
    const { people, rejected } = rows.read(row.value);
    put(book, { people: people.filter(isTheirs), rejected: rejected.filter(isTheirs) }, onlyRow(rows, row));
    for (const id of ids) if (id !== null && both.get(id) === row.hash) missing.delete(id);
  });
  for (const upstreamId of missing)
    book.reject({ upstreamId, field: 'row', reason: 'It changed while it was read; the next sync reads it again.' });
  return verdict;
}

/** A row of which something could not be read is never one that people are known by: it is read, and said, each time. */
function put(book: PersonBook, { people, rejected }: ReadRow, row: OnlyRow | null): void {
  for (const person of people) book.add(person, rejected.length === 0 ? row : null);
  for (const one of rejected) book.reject(one);
}

/** null: it does not say which row it is, or not of everybody who they are. */
function onlyRow(rows: RowsOfPeople, { hash, value }: WrittenRow): OnlyRow | null {
  const [id, named] = [rows.idOf(value), rows.whoIsOn(value)];
  return id === null || named.includes(null) ? null : { hash, id, names: new Set(named).size };
}

class PassedOver {
  readonly #rows = new Set<string>();
  readonly #readAfterAll = new Set<string>();

  constructor(private readonly known: KnownRows) {}

  add(hash: string): void {
    this.#rows.add(hash);
  }

  /** Whose row was passed over, and now there is another about them: only both together say who they are. By the hash of the first. */
  toReadAfterAll(book: PersonBook): Map<string, string> {
    const both = new Map<string, string>();
    if (book.size === 0) return both;
    for (const hash of this.#rows)
      for (const { upstreamId } of this.#on(hash)) if (book.has(upstreamId)) both.set(upstreamId, hash);
    for (const id of both.keys()) this.#readAfterAll.add(id);
    return both;
  }

  /** About whom there is nothing new. */
  *people(): Generator<KnownPerson> {
    for (const hash of this.#rows)
      for (const person of this.#on(hash)) if (!this.#readAfterAll.has(person.upstreamId)) yield person;
  }

  #on(hash: string): readonly KnownPerson[] {
    return this.known.row(hash)?.people ?? [];
  }
}

/**
 * All that decides how a row is read beside the row itself: our code, and what the connector read it with (the units, the country).
 * Another release may read the same row otherwise; then everybody is read anew, once.
 */
export const readingOf = (...by: readonly unknown[]): string =>
  hash('sha256', JSON.stringify([codeOfReading, ...by]), 'base64url').slice(0, 16);

const codeOfReading = digestOfCode();

/** Of this folder; or, where all of us is one file (docs/decisions/016-bundles.md), of that. */
function digestOfCode(): string {
  const own = fileURLToPath(import.meta.url);
  const digest = createHash('sha256').update(process.version);
  if (!basename(own).startsWith('known-rows.')) return digest.update(readFileSync(own)).digest('base64url');
  const folder = dirname(own);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[jt]s$/.test(file));
  for (const file of files.sort()) digest.update(readFileSync(join(folder, file)));
  // it knows the numbers of all countries, and learns
  digest.update(readFileSync(createRequire(own).resolve('libphonenumber-js/package.json')));
  return digest.digest('base64url');
}
