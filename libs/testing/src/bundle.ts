import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './repository-root.js';

const run = promisify(execFile);
const known = new Map<string, Promise<string>>();

/** What `npm start` would run for this compiled file (tools/dev/lib/bundle.mjs). Asked once per file and suite: nobody builds meanwhile. */
export function bundleOf(entry: string): Promise<string> {
  return bundlesOf([entry]).then(([file]) => file ?? entry);
}

export function bundlesOf(entries: readonly string[]): Promise<string[]> {
  const missing = [...new Set(entries)].filter((entry) => !known.has(entry));
  if (missing.length > 0) {
    const made = make(missing);
    for (const [at, entry] of missing.entries()) {
      const file = made.then((files) => files[at] ?? entry);
      file.catch(() => undefined); // whoever asks for it hears of it
      known.set(entry, file);
    }
  }
  return Promise.all(entries.map(async (entry) => (await known.get(entry)) ?? entry));
}

async function make(entries: readonly string[]): Promise<string[]> {
  const { stdout } = await run(process.execPath, [join(repositoryRoot(), 'tools/dev/bundle.mjs'), ...entries]);
  const files: unknown = JSON.parse(stdout);
  if (!Array.isArray(files)) throw new Error(`tools/dev/bundle.mjs said ${stdout}`);
  return files.map(String);
}
