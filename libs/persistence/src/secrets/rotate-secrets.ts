import type { Log } from '@leasewire/messaging';
import type { Collection } from 'mongodb';
import type { CollectionDef } from '../collections/collection.js';
import type { Database } from '../database/database.js';
import type { Row } from '../collections/documents.js';
import { metaDef, ownCollections } from '../own-collections.js';
import { placesAt } from '../collections/places.js';
import { isSealed, keyIdOf, type SecretBox } from './secret-box.js';

export interface Rotation {
  readonly rotated: number;
  /** These do not open; their key is missing, or they were changed. They stay as they are. */
  readonly failed: readonly string[];
}

interface Progress {
  readonly _id: string;
  readonly keyId: string;
  readonly after: string;
}

interface Stale {
  readonly id: string;
  /** With array positions. */
  readonly path: string;
  readonly sealed: string;
  readonly place: { readonly orgId: string; readonly collection: string; readonly field: string };
}

const batch = 200;

/**
 * Seals with the current key whatever another key sealed. May be stopped and started again, and runs while the service
 * works: a value is only replaced where it still is, so nothing that is saved meanwhile is lost; what was saved with the
 * old key behind its back is found in the next pass. When it returns without failures, older keys may be taken out of the ring.
 */
export async function rotateSecrets(db: Database, defs: readonly CollectionDef[], box: SecretBox, log: Log): Promise<Rotation> {
  let rotated = 0;
  const failed: string[] = [];
  for (const def of [...ownCollections, ...defs].filter(({ sealed }) => sealed.length > 0)) {
    let pass: Pass;
    do {
      pass = await onePass(db, def, box);
      rotated += pass.changed;
    } while (pass.changed > 0 || pass.resumed);
    failed.push(...pass.failed);
    log.info({ collection: def.name, keyId: box.currentKeyId }, 'went through all secrets of this collection');
  }
  if (failed.length > 0)
    log.error({ failed: failed.slice(0, 100) }, 'these secrets do not open; keep the old keys and look into them');
  return { rotated, failed };
}

interface Pass {
  readonly changed: number;
  readonly failed: readonly string[];
  /** It went on where an earlier run had stopped, so it has not seen the beginning. */
  readonly resumed: boolean;
}

async function onePass(db: Database, def: CollectionDef, box: SecretBox): Promise<Pass> {
  const rows = db.db.collection<Row>(def.name);
  const progress = db.db.collection<Progress>(metaDef.name);
  const key = { _id: `rotation:${def.name}` };
  const saved = await progress.findOne({ ...key, keyId: box.currentKeyId });
  const failed: string[] = [];
  let changed = 0;
  for (let after: string | undefined = saved?.after ?? ''; after !== undefined;) {
    const page: Row[] = await nextPage(rows, def, after);
    changed += await reseal(rows, staleOnes(page, def, box), box, failed);
    after = page.length < batch ? undefined : page.at(-1)?._id;
    if (after !== undefined) await progress.replaceOne(key, { keyId: box.currentKeyId, after }, { upsert: true });
  }
  await progress.deleteOne(key);
  return { changed, failed, resumed: saved !== null };
}

function nextPage(rows: Collection<Row>, def: CollectionDef, after: string): Promise<Row[]> {
  const holding = def.sealed.map((path) => ({ [path]: { $exists: true } }));
  const projection = Object.fromEntries(['orgId', ...def.sealed].map((path) => [path, 1]));
  return rows.find({ _id: { $gt: after }, $or: holding }, { sort: { _id: 1 }, limit: batch, projection }).toArray();
}

function staleOnes(page: readonly Row[], def: CollectionDef, box: SecretBox): Stale[] {
  return page.flatMap((row) => {
    const orgId = typeof row['orgId'] === 'string' ? row['orgId'] : 'system';
    return def.sealed.flatMap((field) =>
      placesAt(row, field).flatMap(([path, sealed]) =>
        isSealed(sealed) && keyIdOf(sealed) !== box.currentKeyId
          ? [{ id: row._id, path, sealed, place: { orgId, collection: def.name, field } }]
          : [],
      ),
    );
  });
}

async function reseal(rows: Collection<Row>, stale: readonly Stale[], box: SecretBox, failed: string[]): Promise<number> {
  const operations = stale.flatMap(({ id, path, sealed, place }) => {
    try {
      const fresh = box.seal(box.open(sealed, place), place);
      return [{ updateOne: { filter: { _id: id, [path]: sealed }, update: { $set: { [path]: fresh } } } }];
    } catch {
      failed.push(`${place.collection} ${id} ${path}`);
      return [];
    }
  });
  return operations.length === 0 ? 0 : (await rows.bulkWrite(operations, { ordered: false })).modifiedCount;
}
