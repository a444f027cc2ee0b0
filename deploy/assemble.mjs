// What a service needs to run, in a folder of its own: its compiled code, that of the libraries it stands on, and the packages that
// `npm ci --omit=dev --workspace apps/<service>` installed. Run by the Dockerfile; works in any folder made the same way.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const [service, target] = process.argv.slice(2);
if (!service || !target) {
  console.error('usage: node deploy/assemble.mjs <service> <new folder>');
  process.exit(64);
}

const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const foldersOf = (group) => readdirSync(group).map((name) => join(group, name));
const ours = new Map([...foldersOf('apps'), ...foldersOf('libs')].map((folder) => [manifest(folder).name, folder]));

/** The service and every workspace it reaches through `dependencies`. */
const needed = new Set();
const add = (folder) => {
  if (needed.has(folder)) return;
  needed.add(folder);
  for (const name of Object.keys(manifest(folder).dependencies ?? {})) if (ours.has(name)) add(ours.get(name));
};
add(join('apps', service));

mkdirSync(target, { recursive: true });
cpSync('package.json', join(target, 'package.json'));
for (const folder of needed) {
  const built = join(folder, 'dist');
  if (!existsSync(built)) throw new Error(`${built} is missing: run tsc -b apps/${service} first`);
  for (const part of ['package.json', 'dist', 'node_modules']) {
    if (!existsSync(join(folder, part))) continue;
    cpSync(join(folder, part), join(target, folder, part), { recursive: true, verbatimSymlinks: true, filter: isRuntime });
  }
}
cpSync('node_modules', join(target, 'node_modules'), { recursive: true, verbatimSymlinks: true, filter: isRuntime });
dropDangling(join(target, 'node_modules', '@leasewire'));

/** Types and the state of the compiler are for building. */
function isRuntime(path) {
  if (relative('.', path).startsWith(join('node_modules', '.cache'))) return false;
  return !/\.d\.[cm]?ts(\.map)?$|\.tsbuildinfo$/.test(basename(path));
}

/** npm links every workspace, also those that are not in the folder. */
function dropDangling(links) {
  for (const name of readdirSync(links)) if (!existsSync(join(links, name))) rmSync(join(links, name));
}
