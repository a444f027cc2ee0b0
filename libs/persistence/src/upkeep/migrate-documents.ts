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
      changed += await changeBatch(documents, rows, change);
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

type Change<D> = (doc: D) => object | null;

/** All at once; those that somebody saved meanwhile are read and changed again. */
async function changeBatch<D extends SystemDoc>(
  documents: Documents<D>,
  rows: readonly Row[],
  change: Change<D>,
): Promise<number> {
  const ids = new Set<string>();
  const operations = rows.flatMap((row) => {
    const update = updateFor(documents, row, change);
    if (update) ids.add(row._id);
    return update ? [{ updateOne: update }] : [];
  });
  if (operations.length === 0) return 0;
  const { modifiedCount } = await documents.collection.bulkWrite(operations, { ordered: false });
  if (modifiedCount < operations.length) {
    const again = await documents.collection.find({ _id: { $in: [...ids] } }).toArray();
    return modifiedCount + (await changeBatch(documents, again, change));
  }
  return modifiedCount;
}

function updateFor<D extends SystemDoc>(documents: Documents<D>, row: Row, change: Change<D>) {
  const doc = documents.shape.read(row);
  const fields = change(doc);
  if (fields === null || isSame(doc, fields)) return undefined;
  documents.shape.write({ ...doc, ...fields });
  const entries = Object.entries(fields);
  const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const unset = Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([field]) => [field, '' as const]));
  return {
    filter: { _id: doc._id, version: doc.version },
    update: { $set: { ...set, version: doc.version + 1 }, ...(Object.keys(unset).length > 0 && { $unset: unset }) },
  };
}

/** Nothing would change. Without this, a migration that always gives fields would go round for ever. */
function isSame(doc: object, fields: object): boolean {
  return Object.entries(fields).every(
    ([field, value]) => BSON.EJSON.stringify([value]) === BSON.EJSON.stringify([valueAt(doc, field)]),
  );
}
