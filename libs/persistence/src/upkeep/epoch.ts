import { DomainError } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import type { Database } from '../database/database.js';
import { Leases } from '../pace/leases.js';
import { metaDef } from '../own-collections.js';
import { relayLease } from '../outbox/relay.js';

interface EpochRow {
  readonly _id: string;
  readonly value: number;
}

const key = { _id: 'epoch' };

/**
 * Versions count up, except when a database is restored from a backup: then they begin again where the backup was, and
 * readers would ignore everything new as older than what they have. The epoch is compared before the version.
 */
export async function readEpoch(db: Database): Promise<number> {
  return (await db.db.collection<EpochRow>(metaDef.name).findOne(key))?.value ?? 0;
}

/** After a restore, and before the service starts again. Running replicas would go on with the old epoch, so they must be stopped. */
export async function bumpEpoch(db: Database, service: string, clock: Clock): Promise<number> {
  if (await new Leases(db, clock).isHeld(relayLease(service)))
    throw new DomainError(
      'conflict.state',
      `${service} is running; stop all of its replicas, wait a few seconds, then bump the epoch.`,
    );
  const row = await db.db
    .collection<EpochRow>(metaDef.name)
    .findOneAndUpdate(key, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' });
  return row?.value ?? 0;
}
