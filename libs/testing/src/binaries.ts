import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Finds mongod or nats-server: where the environment says, on PATH, or in the cache that `npm start` and `npm test` fill. */
export function binary(name: 'mongod' | 'nats-server'): string {
  const chosen = process.env['LEASEWIRE_TEST_BIN_DIR'];
  const cache = join(homedir(), '.cache', 'leasewire', 'bin');
  const path = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of [...(chosen ? [chosen] : []), cache, ...path]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  throw new Error(`No ${name} found. \`npm test\` fetches it; or set LEASEWIRE_TEST_BIN_DIR to the folder that holds it.`);
}
