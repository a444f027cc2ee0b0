import { Leash } from './leash.mjs';
import { asProblem } from './problem.mjs';
import { createReport } from './progress.mjs';

/** npm hands a Ctrl-C on that the terminal already gave us; a person needs longer for the second. */
const sameKeyPressMs = 400;
const parentLookMs = 500;

/**
 * What a command of ours needs from beginning to end: a report, a leash on its processes, and the wish to stop.
 * @typedef {{
 *   report: import('./progress.mjs').Report, leash: Leash, signal: AbortSignal, env: NodeJS.ProcessEnv, stopped: Promise<void>,
 *   atEnd(work: () => Promise<void> | void): void,
 * }} Session
 */

/**
 * Runs the work; whatever happens, ends what it started, in reverse order, and turns a failure into a sentence.
 * @param {{ owner?: string, env: NodeJS.ProcessEnv, quiet?: boolean }} options
 * @param {(session: Session) => Promise<number>} work
 * @returns {Promise<number>} the exit code
 */
export async function runSession({ owner, env, quiet = false }, work) {
  const report = createReport({ env, quiet });
  const leash = new Leash(owner === undefined ? {} : { owner });
  const stop = new AbortController();
  /** @type {(() => Promise<void> | void)[]} */
  const endings = [];
  const unlisten = onStopWish({
    first: (why) => {
      report.line(`\nStopping (${why}); once more stops at once.`);
      stop.abort();
    },
    again: () => {
      leash.killAll();
      process.exit(130); // the reaper sees our end and removes the files
    },
  });
  const stopped = new Promise((/** @type {(value: void) => void} */ resolve) =>
    stop.signal.addEventListener('abort', () => resolve(undefined)),
  );
  try {
    return await work({ report, leash, signal: stop.signal, env, stopped, atEnd: (ending) => endings.unshift(ending) });
  } catch (error) {
    if (stop.signal.aborted) return 130;
    tell(error);
    return asProblem(error)?.exitCode ?? 1;
  } finally {
    for (const ending of endings) {
      try {
        await ending();
      } catch (error) {
        tell(error);
      }
    }
    leash.release();
    unlisten();
  }
}

/** @param {unknown} error */
function tell(error) {
  const problem = asProblem(error);
  if (!problem) console.error(error);
  else console.error(`${problem.output ? `\n${problem.output}\n` : ''}\n${problem.message}`);
}

/**
 * Ctrl-C, a polite kill, a closed terminal; and the death of npm, which could not tell us when it was killed with -9.
 * @param {{ first(why: string): void, again(): void }} react
 * @returns {() => void} stops listening
 */
function onStopWish({ first, again }) {
  let wishedAt = 0;
  const wish = (/** @type {string} */ why) => {
    const now = Date.now();
    if (wishedAt === 0) {
      wishedAt = now;
      first(why);
    } else if (now - wishedAt > sameKeyPressMs) again();
  };
  /** @type {[NodeJS.Signals, string][]} */
  const signals = [
    ['SIGINT', 'Ctrl-C'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'the terminal was closed'],
  ];
  const listeners = signals.map(([signal, why]) => {
    const listener = () => wish(why);
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const parent = process.ppid;
  const look = process.env.npm_lifecycle_event
    ? setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(look);
        wish('npm is gone');
      }, parentLookMs)
    : undefined;
  look?.unref();
  return () => {
    clearInterval(look);
    for (const unlisten of listeners) unlisten();
  };
}
