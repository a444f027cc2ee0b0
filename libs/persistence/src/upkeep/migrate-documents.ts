import { BSON } from 'mongodb';
import type { CollectionDef, DocOf, SystemDoc } from '../collections/collection.js';
import type { Database } from '../database/database.js';
import { Documents, type Row } from '../collections/documents.js';
import { valueAt } from '../collections/places.js';

export interface Resumption {
  /** What an interrupted run had saved. */
  readonly after: unknown;
  readonly save: (after: string) => Promise<void>;
}

const batch = 200;

/** Changes every document that matches, until a whole pass finds nothing more to change. */
export async function changeEach<Def extends CollectionDef>(
  db: Database,
  def: Def,
  filter: Readonly<Record<string, unknown>>,
  change: (doc: DocOf<Def> & SystemDoc) => Partial<DocOf<Def>> | null,
  { after, save }: Resumption,
): Promise<number> {
  const documents = new Documents<DocOf<Def> & SystemDoc>(db, def);
  let total = 0;
  let from = typeof after === 'string' ? after : '';
  for (let whole = false; !whole;) {
    const wasResumed = from !== '';
    let changed = 0;
    for (;;) {
      const where = documents.filter({ $and: [filter, { _id: { $gt: from } }] });
      const rows = await documents.collection.find(where, { sort: { _id: 1 }, limit: batch }).toArray();
      for (const row of rows) changed += await changeOne(documents, row, change);
      from = rows.at(-1)?._id ?? from;
      if (rows.length < batch) break;
      await save(from);
    }
    total += changed;
    whole = changed === 0 && !wasResumed;
    from = '';
    await save('');
  }
  return total;
}

async function changeOne<D extends SystemDoc, P extends object>(
  documents: Documents<D>,
  row: Row,
  change: (doc: D) => P | null,
): Promise<number> {
  for (let current: Row | null = row; current !== null; current = await documents.collection.findOne({ _id: row._id })) {
    const doc = documents.shape.read(current);
    const fields = change(doc);
    if (fields === null || isSame(doc, fields)) return 0;
    documents.shape.write({ ...doc, ...fields });
    const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const unset = Object.fromEntries(
      Object.entries(fields)
        .filter(([, value]) => value === undefined)
        .map(([field]) => [field, '' as const]),
    );
    const { matchedCount } = await documents.collection.updateOne(
      { _id: doc._id, version: doc.version },
      { $set: { ...set, version: doc.version + 1 }, ...(Object.keys(unset).length > 0 && { $unset: unset }) },
    );
    if (matchedCount === 1) return 1;
  }
  return 0; // removed meanwhile
}

/** Nothing would change. Without this, a migration that always gives fields would go round for ever. */
function isSame(doc: object, fields: object): boolean {
  return Object.entries(fields).every(
    ([field, value]) => BSON.EJSON.stringify([value]) === BSON.EJSON.stringify([valueAt(doc, field)]),
  );
}
