import { createHash, hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KnownRows, KnowsRows, PeoplePage, RejectedRow, UpstreamPerson } from './connector.js';
import { bothOf, type Verdict } from './paging.js';
import { PersonBook } from './person-book.js';
import type { Json } from './vendor-json.rules.js';

export interface RowsOfPeople {
  /** Of `readingOf`. */
  readonly reading: string;
  /** All pages of what a sweep asks for, each row once. Asked a second time, all pages again. */
  eachRow(take: (row: Json) => void): Promise<Verdict>;
  /** null: somebody whom the row does not name. */
  whoIsOn(row: Json): readonly (string | null)[];
  read(row: Json): ReadRow;
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
  const over = new PassedOver(await knows.readBy(reading));
  const book = new PersonBook();
  const verdict = await rows.eachRow((row) => {
    const hashed = hashOf(reading, row);
    if (!over.passes(hashed, rows.whoIsOn(row))) put(book, rows.read(row), hashed);
  });
  const both = over.toReadAfterAll(book);
  yield* book.pages(both.size === 0 ? verdict : bothOf(verdict, await readAfterAll(rows, book, both)), { over, reading });
}

/** Their rows were let go, so all pages are asked for again. A row that is not what it was a moment ago can wait for the next sweep. */
async function readAfterAll(rows: RowsOfPeople, book: PersonBook, both: ReadonlyMap<string, number>): Promise<Verdict> {
  const missing = new Set(both.keys());
  const isTheirs = ({ upstreamId }: { readonly upstreamId: string | null }) => upstreamId !== null && both.has(upstreamId);
  const verdict = await rows.eachRow((row) => {
    const ids = rows.whoIsOn(row).filter((id) => id !== null && both.has(id));
    if (ids.length === 0) return;
    const hashed = hashOf(rows.reading, row);
    const { people, rejected } = rows.read(row);
    put(book, { people: people.filter(isTheirs), rejected: rejected.filter(isTheirs) }, hashed);
    for (const id of ids) if (id !== null && both.get(id) === hashed) missing.delete(id);
  });
  for (const upstreamId of missing)
    book.reject({ upstreamId, field: 'row', reason: 'It changed while it was read; the next sync reads it again.' });
  return verdict;
}

/** A row of which something could not be read is never one that people are known by: it is read, and said, each time. */
function put(book: PersonBook, { people, rejected }: ReadRow, row: number): void {
  for (const person of people) book.add(person, rejected.length === 0 ? row : null);
  for (const one of rejected) book.reject(one);
}

/** 48 bits: of as many changes one would go unseen. */
const hashOf = (reading: string, row: Json): number =>
  Number.parseInt(hash('sha256', `${reading}${JSON.stringify(row)}`, 'hex').slice(0, 12), 16);

class PassedOver {
  readonly #rows = new Map<string, number>();

  constructor(private readonly known: KnownRows) {}

  /** Whether nothing need be read of a row. Who is on it is noted as there. */
  passes(row: number, people: readonly (string | null)[]): boolean {
    if (people.length === 0 || !people.every((id) => id !== null && this.known.is(id, row))) return false;
    for (const id of people) if (id !== null) this.#rows.set(id, row);
    return true;
  }

  /** Whose row was passed over, and now there is another about them: only both together say who they are. */
  toReadAfterAll(book: PersonBook): Map<string, number> {
    const both = new Map<string, number>();
    for (const id of book.ids()) {
      const row = this.#rows.get(id);
      if (row !== undefined) both.set(id, row);
    }
    for (const id of both.keys()) this.#rows.delete(id);
    return both;
  }

  /** About whom there is nothing new; each is given out once. */
  *ids(): Generator<string> {
    for (const id of this.#rows.keys()) {
      this.#rows.delete(id);
      yield id;
    }
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
