import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the workspace's package-lock.json, from wherever the tests were started. */
export function repositoryRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json')) && existsSync(join(folder, 'apps'))) return folder;
    if (dirname(folder) === folder) throw new Error('Run tests from within the repository.');
  }
}
