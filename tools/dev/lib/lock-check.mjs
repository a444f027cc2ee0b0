import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, link?: boolean, [kind: string]: unknown }} LockEntry
 * @typedef {{ name?: string, workspaces?: string[], overrides?: Record<string, unknown>, [kind: string]: unknown }} Manifest
 */

const pinnedKinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
const exact = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;

/**
 * Everything that would make `npm ci` fail in a confusing way, or two machines install different things.
 * @param {string} root
 * @returns {string[]} one sentence per finding
 */
export function checkLock(root) {
  /** @type {Record<string, LockEntry>} */
  const entries = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return [
    ...incompletePlatforms(entries),
    ...manifestsOf(root).flatMap(({ path, manifest }) => [...loose(path, manifest), ...disagreeing(path, manifest, entries)]),
  ];
}

/**
 * A package with one build per platform lists them as optional dependencies. Where the registry lacks some of them, npm
 * writes a lock file that `npm ci` then refuses ("Missing: … from lock file").
 * @param {Record<string, LockEntry>} entries
 * @returns {string[]}
 */
function incompletePlatforms(entries) {
  return Object.entries(entries).flatMap(([path, { version = '?', optionalDependencies = {} }]) => {
    const missing = Object.entries(optionalDependencies).filter(([name, wanted]) => !satisfied(entries, path, name, wanted));
    if (missing.length === 0) return [];
    const name = nameAt(path);
    const what = missing.map(([dependency, wanted]) => `${dependency}@${wanted}`).join(', ');
    return [
      `${name}@${version} is incomplete in package-lock.json: no entry for ${what}. Choose a version of ${name} whose platform packages ` +
        `all exist (\`npm view ${missing[0]?.[0] ?? ''} versions\`), set it in package.json, or in its "overrides" when another package brings it, and run npm install.`,
    ];
  });
}

/**
 * Looks where npm would: beside the package, then in every node_modules above it.
 * @param {Record<string, LockEntry>} entries
 * @param {string} from
 * @param {string} name
 * @param {string} wanted
 */
function satisfied(entries, from, name, wanted) {
  for (let folder = from; ; folder = parentOf(folder)) {
    const entry = entries[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry) return !exact.test(wanted) || wanted.startsWith('npm:') || entry.version === wanted;
    if (folder === '') return false;
  }
}

/** @param {string} path of a package; '' is the root */
function parentOf(path) {
  const at = path.lastIndexOf('/node_modules/');
  return at < 0 ? '' : path.slice(0, at);
}

/** @param {string} path */
const nameAt = (path) => path.split('node_modules/').at(-1) || 'this repository';

/**
 * @param {string} root
 * @returns {{ path: string, manifest: Manifest }[]} path '' is the root
 */
function manifestsOf(root) {
  /** @param {string} path */
  const read = (path) => ({ path, manifest: JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) });
  const top = read('');
  /** @type {string[]} */
  const globs = top.manifest.workspaces ?? [];
  const folders = globs.flatMap((glob) => {
    if (!glob.endsWith('/*')) return [glob];
    const parent = glob.slice(0, -2);
    return existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .sort()
          .map((name) => `${parent}/${name}`)
      : [];
  });
  return [top, ...folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).map(read)];
}

/**
 * @param {string} path
 * @param {Manifest} manifest
 * @returns {string[]}
 */
function loose(path, manifest) {
  const overrides = flatten(manifest.overrides ?? {});
  const listed = pinnedKinds.flatMap((kind) => Object.entries(/** @type {Record<string, string>} */ (manifest[kind] ?? {})));
  return [...listed, ...overrides]
    .filter(([, version]) => !exact.test(version))
    .map(
      ([name, version]) =>
        `${join(path, 'package.json')}: ${name} is "${version}", which is not one exact version. Pin it: npm install --save-exact ${name}`,
    );
}

/**
 * @param {Record<string, unknown>} overrides
 * @returns {[string, string][]}
 */
function flatten(overrides) {
  return Object.entries(overrides).flatMap(([name, value]) =>
    typeof value === 'string'
      ? value.startsWith('$')
        ? []
        : [/** @type {[string, string]} */ ([name, value])]
      : flatten(Object(value)),
  );
}

/**
 * @param {string} path
 * @param {Manifest} manifest
 * @param {Record<string, LockEntry>} entries
 * @returns {string[]}
 */
function disagreeing(path, manifest, entries) {
  const locked = entries[path];
  if (!locked) return [`${join(path, 'package.json')} is not in package-lock.json. Run npm install.`];
  return pinnedKinds.flatMap((kind) => {
    const wanted = /** @type {Record<string, string>} */ (manifest[kind] ?? {});
    const known = /** @type {Record<string, string>} */ (locked[kind] ?? {});
    return [...new Set([...Object.keys(wanted), ...Object.keys(known)])]
      .filter((name) => wanted[name] !== known[name])
      .map(
        (name) =>
          `${join(path, 'package.json')} wants ${name}@${wanted[name] ?? '(nothing)'}, package-lock.json says ${known[name] ?? '(nothing)'}. Run npm install.`,
      );
  });
}
