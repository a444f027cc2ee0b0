import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from './home.mjs';
import { lintShares } from './lint-shares.mjs';
import { runTool } from './run-tool.mjs';
import { rememberBuild, sourcesNow } from './workspace.mjs';

/**
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number, note?: string }} StageResult
 * @typedef {{ session: import('./session.mjs').Session, env: NodeJS.ProcessEnv, dir: string }} Around `dir`: for result files
 */

const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);

/**
 * A stage that is right or wrong as a whole, of programs that run side by side. What they say is shown only when it is wrong.
 * @param {string} name
 * @param {readonly (readonly string[])[]} programs arguments of node
 * @param {Around} around
 * @returns {Promise<StageResult>}
 */
export async function check(name, programs, { session: { report, leash, signal }, env }) {
  const began = performance.now();
  const ran = await Promise.all(programs.map((args) => runTool(leash, process.execPath, args, { cwd: root, env, signal })));
  const right = ran.every(({ code }) => code === 0);
  const seconds = (performance.now() - began) / 1000;
  report.line(
    `${right ? report.paint('green', '✓') : report.paint('red', '✗')} ${name} ${report.paint('grey', `(${seconds.toFixed(1)} s)`)}`,
  );
  if (!right)
    for (const line of ran.flatMap(({ output }) => output.trim().split('\n'))) report.line(`${name.padEnd(12)}| ${line}`);
  return { name, passed: right ? 1 : 0, failed: right ? 0 : 1, skipped: 0, seconds };
}

/** @param {Around} around */
export async function build(around) {
  const sources = sourcesNow();
  const result = await check('build', [[bin('typescript-7/bin/tsc'), '-b', '--pretty', 'false']], around);
  if (result.failed === 0) rememberBuild(sources); // the end-to-end tests run npm start, which need not build again
  return result;
}

/** @param {Around} around */
export const format = (around) =>
  check(
    'format',
    [[bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.', '--cache', '--cache-strategy', 'content']],
    around,
  );

/**
 * By one linter for each of two processors. Each needs the types of nearly everything, so more of them would only want memory.
 * @param {Around} around
 */
export async function lint(around) {
  const shares = lintShares(root, Math.min(2, availableParallelism()));
  return check('lint', shares.map(linter), around);
}
/** @param {readonly string[]} share */
const linter = (share) => ['--max-old-space-size=6144', bin('eslint/bin/eslint.js'), ...share, '--max-warnings', '0'];

const endToEnd = '/apps/e2e/';
const onServers = '\\.it\\.spec\\.ts$';
const never = ['/node_modules/', '/dist/'];

/** @type {Record<'unit' | 'integration' | 'e2e', readonly string[]>} */
export const jestSelections = {
  unit: [...never, onServers, endToEnd].map((pattern) => `--testPathIgnorePatterns=${pattern}`),
  integration: [
    '--maxWorkers=3', // they mostly wait
    `--testPathPatterns=${onServers}`,
    ...[...never, endToEnd].map((pattern) => `--testPathIgnorePatterns=${pattern}`),
  ],
  // two replicas of each service are fourteen processes, and two cores serve one such flow at a time
  e2e: ['--maxWorkers=1', `--testPathPatterns=${endToEnd}`, ...never.map((pattern) => `--testPathIgnorePatterns=${pattern}`)],
};

/**
 * @param {string} name
 * @param {readonly string[]} args of jest
 * @param {Around} around
 * @returns {Promise<StageResult>}
 */
export async function jest(name, args, { session: { report, leash, signal }, env, dir }) {
  const began = performance.now();
  const resultFile = join(dir, `jest-${name}.json`);
  const command = [
    bin('jest/bin/jest.js'),
    '--json',
    `--outputFile=${resultFile}`,
    '--passWithNoTests',
    `--cacheDirectory=${bin('.cache/jest')}`,
    ...args,
  ];
  const prefix = report.paint('cyan', `${name.padEnd(12)}|`);
  const { code } = await runTool(leash, process.execPath, command, {
    cwd: root,
    env,
    signal,
    onLine: (line) => line.startsWith('Test results written to') || report.line(`${prefix} ${line}`),
  });
  const seconds = (performance.now() - began) / 1000;
  return { name, ...countJest(resultFile, code), seconds };
}

/**
 * @param {string} file
 * @param {number | null} code
 * @returns {{ passed: number, failed: number, skipped: number, note?: string }}
 */
function countJest(file, code) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, note: `jest ended with ${String(code)} and wrote no result` };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const broken = result.numRuntimeErrorTestSuites; // files that could not even be loaded: no test of theirs is counted
  const failed = result.numFailedTests + broken;
  const skipped = result.numPendingTests + result.numTodoTests;
  // e.g. a set-up that throws after the last test: jest is unhappy although no test is
  const unhappy = failed === 0 && code !== 0;
  return {
    passed: result.numPassedTests,
    failed: failed + (unhappy ? 1 : 0),
    skipped,
    ...(broken > 0 ? { note: `${String(broken)} files could not be loaded` } : {}),
    ...(unhappy ? { note: `jest ended with ${String(code)} although no test failed` } : {}),
  };
}
