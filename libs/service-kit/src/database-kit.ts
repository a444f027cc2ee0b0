import {
  Database,
  Effects,
  ensureIndexes,
  Jobs,
  Leases,
  readEpoch,
  Relay,
  runMigrations,
  SecretBox,
  UnitOfWork,
  type Publisher,
} from '@leasewire/persistence';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Ground } from './kit.js';
import { up } from './metrics.js';
import { relayObserver, workObserver } from './observers.js';
import type { ServiceConfig } from './service-config.js';
import { natsWakeHint } from './wake-hint.js';

/** What only a service that owns data has. */
export interface DatabaseKit {
  readonly db: Database;
  readonly box: SecretBox;
  readonly work: UnitOfWork;
  readonly leases: Leases;
  readonly relay: Relay;
  readonly effects: Effects;
  readonly jobs: Jobs;
}

/** `leasewire_` and `pms-sync` make `leasewire_pms_sync`. */
export const databaseName = (prefix: string, service: string): string => `${prefix}${service.replaceAll('-', '_')}`;

export function connectDatabase(
  { service, logger, strict }: Ground,
  config: NonNullable<ServiceConfig['database']>,
  options: { giveUpAfterMs?: number },
): Promise<Database> {
  const name = databaseName(config.LEASEWIRE_MONGODB_PREFIX, service.name);
  return Database.connect(config.LEASEWIRE_MONGODB_URI, name, logger, { ...options, checkReads: strict });
}

/** Brings the database up to date and builds what works on it. */
export async function databaseKit(
  on: Ground,
  config: NonNullable<ServiceConfig['database']>,
  db: Database,
  bus: { readonly nats: NatsConnection; readonly publisher: Publisher },
): Promise<DatabaseKit> {
  const { logger, metrics, clock, ids } = on;
  const service = on.service.name;
  const box = SecretBox.fromRing(config.LEASEWIRE_SECRET_KEYS);
  await ensureIndexes(db, on.service.collections ?? [], logger);
  await runMigrations(db, on.service.migrations ?? [], { clock, log: logger });
  const work = new UnitOfWork({ db, service, clock, ids, epoch: await readEpoch(db), box, observer: workObserver(metrics) });
  const relay = new Relay({
    ...{ db, service, clock, log: logger, publisher: bus.publisher },
    hint: natsWakeHint(bus.nats, service),
    observer: relayObserver(metrics, logger),
  });
  work.onCommit(({ events }) => {
    if (events > 0) relay.wake();
  });
  const effects = new Effects({ db, service, work, clock, ids, log: logger });
  const jobs = new Jobs({ db, service, work, clock, ids, log: logger });
  const kit = { db, box, work, relay, effects, jobs, leases: new Leases(db, clock) };
  watchDatabase(on, kit);
  return kit;
}

function watchDatabase({ health, metrics }: Ground, { db, relay, jobs }: DatabaseKit): void {
  health.add('mongodb', () => db.ping());
  metrics.gauged(...up, async () => ({ mongodb: await isUp(db) }));
  metrics.gauged(
    'leasewire_outbox_oldest_seconds',
    'Age of the oldest event that is committed and not published',
    null,
    async () => ({
      all: (await relay.oldestUnpublishedMs()) / 1000,
    }),
  );
  metrics.gauged('leasewire_outbox_events', 'Events that wait to be published, counted up to 10,000', null, async () => ({
    all: await relay.unpublished(),
  }));
  metrics.gauged('leasewire_relay_active', 'Whether this replica publishes', null, () => ({ all: relay.isActive ? 1 : 0 }));
  metrics.gauged('leasewire_jobs', 'Jobs that are not over', 'state', async () => ({
    ...noJobs,
    ...(await jobs.countByState()),
  }));
}

const noJobs = { preparing: 0, running: 0, cancelling: 0 };

const isUp = (db: Database): Promise<number> =>
  db.ping().then(
    () => 1,
    () => 0,
  );
