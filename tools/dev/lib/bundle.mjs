import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { root } from './home.mjs';

let making = 0;

/**
 * For each compiled file one that has all in it that it imports. Node spends most of a start on finding and opening some 1,800 files: 3.4 s of CPU
 * from `dist/main.js`, 0.9 s from its bundle (docs/decisions/016-bundles.md). What was compiled stays the truth: a bundle has the
 * state of the compiled files in its name, and is made when the one of now is not there.
 * @param {readonly string[]} entries e.g. apps/identity/dist/main.js
 * @returns {Promise<string[]>} the files to run
 */
export async function bundled(entries) {
  const places = placesOf(entries);
  const missing = [...places].filter(([, place]) => !existsSync(place));
  making += 1;
  try {
    for (const [entry, place] of missing) await bundle(entry, place);
  } finally {
    making -= 1;
    // its own process would stay as long as ours, with what it needed for the largest bundle
    if (missing.length > 0 && making === 0) await (await import('esbuild')).stop();
  }
  return [...places.values()];
}

/** @param {readonly string[]} entries */
export const areBundled = (entries) => [...placesOf(entries).values()].every((place) => existsSync(place));

/**
 * @param {string} entry
 * @param {string} wanted
 */
async function bundle(entry, wanted) {
  const { build } = await import('esbuild');
  const begun = `${wanted}.${String(process.pid)}`; // two that make it at once each finish their own
  await build({
    entryPoints: [entry],
    outfile: begun,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true, // Nest tells classes apart by their names in messages, and so do logs
    logLevel: 'error',
    legalComments: 'none',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [outside],
  });
  renameSync(begun, wanted);
  forgetOlder(wanted);
}

/** @param {readonly string[]} entries */
function placesOf(entries) {
  const { size, mtimeMs } = statSync(join(root, 'package-lock.json'));
  const common = createHash('sha256').update(`${process.version} ${String(size)} ${String(mtimeMs)}`);
  for (const lib of readdirSync(join(root, 'libs'))) addTo(common, join(root, 'libs', lib, 'dist'));
  /** @param {string} entry */
  const placeOf = (entry) => {
    const hash = common.copy();
    addTo(hash, dirname(entry));
    return join(dirname(entry), 'bundle', `${basename(entry, '.js')}-${hash.digest('hex').slice(0, 12)}.mjs`);
  };
  return new Map(entries.map((entry) => [entry, placeOf(entry)]));
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} folder
 */
function addTo(hash, folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(js|json)$/.test(entry.name)) continue;
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)} ${String(size)} ${String(mtimeMs)}\n`);
  }
}

/** @param {string} current */
function forgetOlder(current) {
  const kind = basename(current).replace(/-\w+\.mjs$/, '-');
  const hourAgo = Date.now() - 3_600_000; // one that still starts may be reading a younger one
  for (const name of readdirSync(dirname(current))) {
    const path = join(dirname(current), name);
    if (name.startsWith(kind) && path !== current && statSync(path).mtimeMs < hourAgo) rmSync(path, { force: true });
  }
}

/** What stays where it is: Node's own, binaries, and what a library would like to have and we do not install. @type {import('esbuild').Plugin} */
const outside = {
  name: 'outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, ...from }) => {
      if (kind === 'entry-point' || from.pluginData === outside) return undefined;
      if (path.startsWith('node:') || builtinModules.includes(path) || path.startsWith('@node-rs/'))
        return { path, external: true };
      const { importer, resolveDir, namespace } = from;
      const found = await resolve(path, { kind, importer, resolveDir, namespace, pluginData: outside });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};
