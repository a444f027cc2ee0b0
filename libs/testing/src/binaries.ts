import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Name = 'mongod' | 'nats-server';

export const hasBinary = (name: Name): boolean => find(name) !== undefined;

/** mongod or nats-server: where the environment says, in the cache that `npm start` and `npm test` fill, or on PATH. */
export function binary(name: Name): string {
  const file = find(name);
  if (file !== undefined) return file;
  throw new Error(`No ${name} found. \`npm test\` fetches it; or set LEASEWIRE_TEST_BIN_DIR to the folder that holds it.`);
}

function find(name: Name): string | undefined {
  const chosen = process.env['LEASEWIRE_TEST_BIN_DIR'];
  const cache = join(homedir(), '.cache', 'leasewire', 'bin');
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...(chosen ? [chosen] : []), cache, ...path].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
