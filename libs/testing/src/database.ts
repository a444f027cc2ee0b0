import { randomBytes } from 'node:crypto';
import { silentLog, type Log } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { onCleanUp } from './cleanup.js';
import { mongoUri } from './mongo-server.js';

export const freshDatabaseName = (): string => `test_${randomBytes(6).toString('hex')}`;

/** A database of its own, dropped and closed when the suite is over. `log` hears what the library has to say. */
export async function freshDatabase(log: Log = silentLog): Promise<Database> {
  const database = await Database.connect(await mongoUri(), freshDatabaseName(), log, {
    giveUpAfterMs: 10_000,
    checkReads: true,
  });
  onCleanUp(async () => {
    await database.db.dropDatabase();
    await database.close();
  });
  return database;
}
