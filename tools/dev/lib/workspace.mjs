import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { areBundled, bundled } from './bundle.mjs';
import { requireFreeSpace } from './disk.mjs';
import { withLock } from './file-lock.mjs';
import { root } from './home.mjs';
import { Problem } from './problem.mjs';
import { runTool } from './run-tool.mjs';

const lockFile = join(root, 'package-lock.json');
const installedStamp = join(root, 'node_modules', '.leasewire-installed');
const builtStamp = join(root, '.leasewire', 'built');

/**
 * @typedef {{
 *   report: import('./progress.mjs').Report, leash: import('./leash.mjs').Leash, env: NodeJS.ProcessEnv, signal?: AbortSignal | undefined,
 * }} Around
 */

/**
 * Two starts in one repository must not install or build at the same time.
 * @param {Around} around
 * @param {() => Promise<void>} work
 */
const oneAtATime = ({ report }, work) =>
  withLock(
    join(root, '.leasewire', 'workspace.lock'),
    ({ pid }) => report.line(`… waiting for another start (pid ${String(pid)}) to finish installing or building`),
    work,
  );

/** @param {Around} around */
export async function ensureInstalled(around) {
  if (isInstalled()) return;
  await oneAtATime(around, async () => {
    if (isInstalled()) return;
    await requireFreeSpace(root, 'installing the packages', around.env);
    await around.report.step('Packages installed (npm ci)', () => npmCi(around));
    writeFileSync(installedStamp, wanted());
  });
}

/** @param {Around} around */
async function npmCi({ leash, env, signal }) {
  const npm = env.npm_execpath?.endsWith('.js')
    ? { command: process.execPath, args: [env.npm_execpath] }
    : { command: 'npm', args: [] };
  const args = [...npm.args, 'ci', '--no-audit', '--no-fund', '--prefer-offline', '--include=dev'];
  const { code, output } = await runTool(leash, npm.command, args, {
    cwd: root,
    env: { ...env, NODE_ENV: 'development' },
    signal,
  });
  if (code === 0) return;
  if (/ENOSPC/.test(output))
    throw new Problem(`The disk of ${root} became full while packages were installed. Free some space and try again.`);
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH/.test(output)) {
    throw new Problem(
      'The npm registry cannot be reached. Connect this machine to the network (or set the npm registry or proxy), then try again.',
      { output },
    );
  }
  if (/can only install packages when your package\.json and package-lock\.json|Missing: /.test(output)) {
    throw new Problem(
      'package-lock.json does not fit the package.json files. `node tools/dev/lock-check.mjs` says which entry, and what to do.',
      { output },
    );
  }
  if (code === null)
    throw new Problem(
      'npm was not found. It comes with Node.js: install Node.js 20.19 or newer from https://nodejs.org, then try again.',
      { output },
    );
  throw new Problem('npm ci failed; what it said is below.', { output });
}

/** What node_modules is made for: native packages differ between platforms and Node versions. */
function wanted() {
  return createHash('sha256')
    .update(readFileSync(lockFile))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');
}

/** Says so only of what lies there: who removed a folder of node_modules to mend something wants it again. */
function isInstalled() {
  if (!lieThere()) return false;
  if (existsSync(installedStamp) && readFileSync(installedStamp, 'utf8') === wanted()) return true;
  if (!agreesWithNpm()) return false;
  writeFileSync(installedStamp, wanted()); // someone ran npm install: npm's own record agrees with the lock file
  return true;
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean, resolved?: string }>} Entries */

/**
 * @param {string} file
 * @returns {Entries}
 */
const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function lieThere() {
  return Object.entries(packagesIn(lockFile)).every(
    ([path, { optional }]) => !path.includes('node_modules/') || optional === true || existsSync(join(root, path)),
  );
}

/** npm keeps what it installed in node_modules/.package-lock.json; optional packages of other platforms are not in it. */
function agreesWithNpm() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesIn(record);
  return Object.entries(packagesIn(lockFile)).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true; // the workspaces themselves
    const there = installed[path];
    if (!there) return entry.optional === true;
    return entry.link ? existsSync(join(root, path)) : there.version === entry.version && there.integrity === entry.integrity;
  });
}

/**
 * Compiles what the services need, when a source changed since the last time.
 * @param {readonly { name: string, folder: string, main: string }[]} services
 * @param {Around} around
 */
export async function ensureBuilt(services, around) {
  const outputs = [
    ...services.map(({ main }) => main),
    join(root, 'libs/messaging/dist/trust.js'),
    join(root, 'tools/simulators/dist/main.js'),
  ];
  const upToDate = () =>
    outputs.every((file) => existsSync(file)) && existsSync(builtStamp) && readFileSync(builtStamp, 'utf8') === sourcesNow();
  if (upToDate()) return;
  await oneAtATime(around, async () => {
    if (upToDate()) return;
    const before = sourcesNow(); // a file saved during the build is built next time
    await around.report.step('Services built (tsc)', () =>
      compile([join(root, 'libs/messaging'), join(root, 'tools/simulators'), ...services.map(({ folder }) => folder)], around),
    );
    rememberBuild(before);
  });
}

/**
 * @param {readonly import('./services.mjs').ServiceApp[]} services
 * @param {Around} around
 * @returns {Promise<import('./services.mjs').ServiceApp[]>} what is to be run of each
 */
export async function ensureBundled(services, { report }) {
  const entries = services.flatMap(({ main, seed }) => [main, ...(existsSync(seed) ? [seed] : [])]);
  const make = () => bundled(entries);
  const files = areBundled(entries) ? await make() : await report.step('Services bundled (esbuild)', make);
  const placeOf = new Map(entries.map((entry, at) => [entry, files[at] ?? entry]));
  return services.map((one) => ({
    ...one,
    entry: one.main,
    main: placeOf.get(one.main) ?? one.main,
    seed: placeOf.get(one.seed) ?? one.seed,
  }));
}

/**
 * @param {readonly string[]} projects
 * @param {Around} around
 */
async function compile(projects, { leash, env, signal }) {
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
  const { code, output } = await runTool(leash, process.execPath, [tsc, '-b', ...projects], { cwd: root, env, signal });
  if (code !== 0) throw new Problem('The build failed. Correct what is listed below and try again.', { output });
}

/** @param {string} fingerprint of before the build */
export function rememberBuild(fingerprint) {
  mkdirSync(join(root, '.leasewire'), { recursive: true });
  writeFileSync(builtStamp, fingerprint);
}

/** Names, sizes and times of every source: 20 ms, where asking the compiler takes seconds. */
export function sourcesNow() {
  const hash = createHash('sha256').update(wanted());
  for (const group of ['libs', 'apps']) {
    for (const name of readdirSync(join(root, group)).sort()) {
      for (const part of ['package.json', 'tsconfig.json', 'src']) addTo(hash, join(root, group, name, part));
    }
  }
  addTo(hash, join(root, 'tools/simulators/src'));
  addTo(hash, join(root, 'tsconfig.base.json'));
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function addTo(hash, path) {
  const about = statSync(path, { throwIfNoEntry: false });
  if (!about) return;
  if (about.isDirectory()) for (const name of readdirSync(path).sort()) addTo(hash, join(path, name));
  else hash.update(`${path} ${String(about.size)} ${String(about.mtimeMs)}\n`);
}
