import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { provision } from './provision/provision.mjs';
import { runSession } from './session.mjs';
import { temporaryFolder } from './temporary-folder.mjs';
import { build, format, jest, jestSelections, lint } from './test-stages.mjs';
import { ensureInstalled } from './workspace.mjs';

/** @typedef {import('./test-stages.mjs').StageResult} StageResult */

const usage = `Runs every check and test on servers of its own.

  npm test                       build, format, lint, unit, integration and end-to-end tests
  npm test -- <jest arguments>   only jest, e.g. npm test -- libs/messaging  or  npm test -- -t "dead letter"
  npm test -- --help             this text`;

/**
 * `npm test`.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} the exit code
 */
export function testCommand(args, env = process.env) {
  return runSession({ env }, async (session) => {
    const { report, leash, signal } = session;
    if (args.includes('--help')) {
      report.line(usage);
      return 0;
    }
    const began = performance.now();
    await ensureInstalled({ report, leash, env, signal });
    const servers = await report.step('MongoDB and NATS found', ({ note }) => provision({ env, note, leash, signal }));
    const dir = await temporaryFolder(session);
    const around = { session, dir, env: { ...neutral(env), ...testEnvironment(servers, dir) } };
    const results = args.length > 0 ? [await jest('jest', args, around)] : await runEverything(around);
    return summarize(results, (performance.now() - began) / 1000, report);
  });
}

/**
 * The result must not depend on what this person has set for `npm start`.
 * @param {NodeJS.ProcessEnv} env
 */
function neutral(env) {
  const kept = new Set(['LEASEWIRE_CACHE', 'LEASEWIRE_MIN_FREE_MB']);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LEASEWIRE_') || kept.has(name)));
}

/**
 * libs/testing starts servers by itself, as a suite needs them; it only has to know which.
 * @param {import('./provision/provision.mjs').Servers} servers
 * @param {string} dir
 * @returns {NodeJS.ProcessEnv}
 */
function testEnvironment({ mongod, natsServer }, dir) {
  const binDir = join(dir, 'bin');
  mkdirSync(binDir);
  if ('path' in mongod) symlinkSync(mongod.path, join(binDir, 'mongod'));
  if ('path' in natsServer) symlinkSync(natsServer.path, join(binDir, 'nats-server'));
  return {
    NODE_ENV: 'test',
    LEASEWIRE_TEST_PATIENCE: '4', // see libs/testing/src/jest-environment.cjs
    TMPDIR: dir, // whatever a suite forgets to delete goes with the folder
    LEASEWIRE_TEST_BIN_DIR: binDir,
    ...('url' in mongod ? { LEASEWIRE_TEST_MONGODB_URI: mongod.url } : {}),
    ...('url' in natsServer ? { LEASEWIRE_TEST_NATS_URL: natsServer.url } : {}),
  };
}

/**
 * What only reads the sources runs beside the build; then everything comes one after the other: all of it is bound by the
 * processor, so nothing would be over sooner, and tests that have to share two cores with the linter wait for themselves.
 * @param {import('./test-stages.mjs').Around} around
 * @returns {Promise<StageResult[]>}
 */
async function runEverything(around) {
  const reading = async () => [await format(around), await lint(around)];
  const [built, read] = await Promise.all([build(around), reading()]);
  const unit = await jest('unit', jestSelections.unit, around);
  const integration = await jest('integration', jestSelections.integration, around);
  const e2e = built.failed > 0 ? notRun('e2e', 'the build failed') : await jest('e2e', jestSelections.e2e, around);
  return [built, ...read, unit, integration, e2e];
}

/**
 * @param {string} name
 * @param {string} why
 * @returns {StageResult}
 */
const notRun = (name, why) => ({ name, passed: 0, failed: 1, skipped: 0, seconds: 0, note: `not run: ${why}` });

/**
 * @param {readonly StageResult[]} results
 * @param {number} seconds
 * @param {import('./progress.mjs').Report} report
 * @returns {number} the exit code
 */
function summarize(results, seconds, report) {
  report.line('');
  for (const { name, passed, failed, skipped, seconds: took, note } of results) {
    const verdict = failed > 0 ? report.paint('red', 'failed') : report.paint('green', 'passed');
    const counts = `${String(passed)} passed, ${String(failed)} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`;
    report.line(`  ${name.padEnd(12)} ${verdict}  ${`${took.toFixed(1)} s`.padStart(8)}  ${counts}${note ? ` (${note})` : ''}`);
  }
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  report.line(`  ${'everything'.padEnd(12)}         ${`${seconds.toFixed(1)} s`.padStart(8)}`);
  report.line('');
  if (skipped > 0) report.line(`${String(skipped)} skipped`);
  report.line(`${String(sum('passed'))} passed, ${String(sum('failed'))} failed`);
  return sum('failed') > 0 ? 1 : 0;
}
