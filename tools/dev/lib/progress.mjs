import { performance } from 'node:perf_hooks';

const codes = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90, bold: 1 };

/** A terminal that is not read must not make us hoard its lines for ever; the files under logs/ have them all. */
const mostBuffered = 4 * 1024 * 1024;

const ticksInTheFirstMinute = 12;

/**
 * @typedef {keyof typeof codes} Colour
 * @typedef {{
 *   line(text: string): void,
 *   warn(text: string): void,
 *   paint(colour: Colour, text: string): string,
 *   step<T>(title: string, work: (step: { note(text: string): void }) => Promise<T>): Promise<T>,
 * }} Report
 */

/**
 * @param {NodeJS.WriteStream} stream
 * @param {NodeJS.ProcessEnv} env
 */
export function wantsColour(stream, env) {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/**
 * Says what is going on: a line when a step took long enough to wonder, one every five seconds
 * while it lasts (every thirty after a minute), one at its end.
 * @param {{ stream?: NodeJS.WriteStream, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {Report}
 */
export function createReport({ stream = process.stdout, env = process.env, quiet = false } = {}) {
  const colour = wantsColour(stream, env);
  let dropped = 0;
  stream.on('error', () => undefined); // the terminal was closed or the reader went away: we still have to stop properly

  /** @param {string} text */
  const write = (text) => {
    if (quiet) return;
    if (stream.writableLength > mostBuffered) {
      dropped += 1;
      return;
    }
    if (dropped > 0) stream.write(`(${String(dropped)} lines were not read in time and are only in the log files)\n`);
    dropped = 0;
    stream.write(`${text}\n`);
  };

  /** @type {Report['paint']} */
  const paint = (name, text) => (colour ? `\u001b[${String(codes[name])}m${text}\u001b[0m` : text);

  /** @type {Report['step']} */
  const step = async (title, work) => {
    const began = performance.now();
    const elapsed = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    const first = setTimeout(() => write(`${paint('cyan', '…')} ${title}`), 700);
    let tick = 0;
    const ticks = setInterval(() => {
      tick += 1;
      if (tick <= ticksInTheFirstMinute || tick % 6 === 0) write(paint('grey', `    ${title}: ${elapsed()} so far`));
    }, 5000);
    try {
      const result = await work({ note: (text) => write(paint('grey', `    ${text}`)) });
      write(`${paint('green', '✓')} ${title} ${paint('grey', `(${elapsed()})`)}`);
      return result;
    } catch (error) {
      write(`${paint('red', '✗')} ${title} ${paint('grey', `(${elapsed()})`)}`);
      throw error;
    } finally {
      clearTimeout(first);
      clearInterval(ticks);
    }
  };

  return { line: write, warn: (text) => write(`${paint('yellow', '!')} ${text}`), paint, step };
}
