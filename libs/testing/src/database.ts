import { randomBytes } from 'node:crypto';
import type { Log } from '@leasewire/messaging';
import type { Database } from '@leasewire/persistence';
import { onCleanUp } from './cleanup.js';
import { mongoUri } from './mongo-server.js';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export const freshDatabaseName = (): string => `test_${randomBytes(6).toString('hex')}`;

/** A database of its own, dropped and closed when the suite is over. `log` hears what the library has to say. */
export async function freshDatabase(log: Log = silent): Promise<Database> {
  // imported when it is needed: suites that only want a server do not pay for it
  const { Database: Connected } = await import('@leasewire/persistence');
  const database = await Connected.connect(await mongoUri(), freshDatabaseName(), log, {
    giveUpAfterMs: 10_000,
    checkReads: true,
  });
  onCleanUp(async () => {
    await database.db.dropDatabase();
    await database.close();
  });
  return database;
}
