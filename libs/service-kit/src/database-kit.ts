import {
  Database,
  ensureIndexes,
  readEpoch,
  SecretBox,
  UnitOfWork,
} from '@leasewire/persistence';
import type { Ground } from './kit.js';
import { workObserver } from './observers.js';
import type { ServiceConfig } from './service-config.js';

export interface DatabaseKit {
  readonly db: Database;
  readonly box: SecretBox;
  readonly work: UnitOfWork;
}

/** `leasewire_` and `pms-sync` make `leasewire_pms_sync`. */
export const databaseName = (prefix: string, service: string): string => `${prefix}${service.replaceAll('-', '_')}`;

export async function connectDatabase(
  { service, logger, health, metrics, clock, ids }: Ground,
  config: NonNullable<ServiceConfig['database']>,
  options: { giveUpAfterMs?: number },
): Promise<DatabaseKit> {
  const box = SecretBox.fromRing(config.LEASEWIRE_SECRET_KEYS);
  const name = databaseName(config.LEASEWIRE_MONGODB_PREFIX, service.name);
  const db = await Database.connect(config.LEASEWIRE_MONGODB_URI, name, logger, options);
  health.add('mongodb', () => db.ping());
  metrics.gauged('leasewire_up', 'Whether a server this service needs is there', { dependency: 'mongodb' }, () =>
    db.ping().then(
      () => 1,
      () => 0,
    ),
  );
  health.starting('bringing the database up to date');
  await ensureIndexes(db, service.collections ?? [], logger);
  const epoch = await readEpoch(db);
  const work = new UnitOfWork({ db, service: service.name, clock, ids, epoch, box, observer: workObserver(metrics) });
  return { db, box, work };
}
