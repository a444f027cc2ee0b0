import { createInterface } from 'node:readline';
import { signalGroup } from './process-identity.mjs';

const linesKept = 400;

/**
 * Runs a program to its end and keeps the last of what it says.
 * @param {import('./leash.mjs').Leash} leash
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, onLine?: (line: string) => void, timeoutMs?: number, signal?: AbortSignal | undefined }} options
 * @returns {Promise<{ code: number | null, output: string, stdout: string }>} `code` is null when it could not be started or was killed
 */
export async function runTool(leash, command, args, { cwd, env, onLine = () => undefined, timeoutMs, signal }) {
  const child = leash.spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const both = [];
  /** @type {string[]} */
  const out = [];
  const keep = (/** @type {string[]} */ list, /** @type {string} */ line) => {
    list.push(line);
    if (list.length > linesKept) list.shift();
  };
  const closed = [child.stdout, child.stderr].map(async (stream) => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      keep(both, line);
      if (stream === child.stdout) keep(out, line);
      onLine(line);
    }
  });
  const kill = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL');
  const late = timeoutMs === undefined ? undefined : setTimeout(kill, timeoutMs);
  signal?.addEventListener('abort', kill);
  /** @type {number | null} */
  const code = await new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', (error) => {
      keep(both, error.message);
      resolve(null);
    });
  });
  clearTimeout(late);
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  await Promise.all(closed);
  return { code, output: both.join('\n'), stdout: out.join('\n') };
}
