import { existsSync } from 'node:fs';
import { runTool } from './run-tool.mjs';

const identity = 'identity';

/**
 * @typedef {{ organization: unknown, signIns: import('./endpoints.mjs').SignIn[] }} Demo
 */

/**
 * Lets identity make the demo organization, where that command exists. It may be run again and again and says the same.
 * @param {{
 *   services: readonly import('./services.mjs').ServiceApp[],
 *   leash: import('./leash.mjs').Leash,
 *   environment: (service: string) => NodeJS.ProcessEnv,
 *   report: import('./progress.mjs').Report,
 *   signal?: AbortSignal | undefined,
 * }} options
 * @returns {Promise<Demo>}
 */
export async function loadDemo({ services, leash, environment, report, signal }) {
  const nothing = { organization: null, signIns: [] };
  const app = services.find(({ name }) => name === identity);
  if (!app || !existsSync(app.seed)) return nothing;
  let output = '';
  try {
    return await report.step('Demo organization loaded', async () => {
      const env = { ...environment(identity), LEASEWIRE_LOG_FORMAT: 'json' };
      const done = await runTool(leash, process.execPath, [app.seed], {
        cwd: app.folder,
        env,
        timeoutMs: 60_000,
        signal,
      });
      output = done.output;
      const demo = done.code === 0 ? parseDemo(done.stdout) : undefined;
      if (!demo) throw new Error(`exit ${String(done.code)}`);
      return demo;
    });
  } catch (error) {
    signal?.throwIfAborted();
    report.warn(`The demo organization could not be loaded (${String(error)}); everything else runs. It said:\n${output}`);
    return nothing;
  }
}

/**
 * @param {string} stdout logs may surround the one line of JSON that counts
 * @returns {Demo | undefined}
 */
function parseDemo(stdout) {
  for (const line of stdout.split('\n').reverse()) {
    try {
      const value = JSON.parse(line);
      if (Array.isArray(value.signIns)) return { organization: value.organization ?? null, signIns: value.signIns };
    } catch {
      // not the line we look for
    }
  }
  return undefined;
}
