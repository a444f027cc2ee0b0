import { closeSync, createReadStream, createWriteStream, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

const rotateAbove = 20 * 1024 * 1024;

/** @param {string} file */
function rotate(file) {
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

/**
 * For a server that writes its log by itself: it goes on writing when we are gone.
 * @param {string} file
 * @returns {number} a file descriptor to hand to the child; close it after
 */
export function openForChild(file) {
  if (existsSync(file) && statSync(file).size > rotateAbove) rotate(file);
  return openSync(file, 'a', 0o600);
}

export { closeSync as closeAfterSpawn };

/** The log of one service: every line, also those that the terminal did not show. One older file is kept. */
export class LogFile {
  #stream;
  #size;

  /** @param {string} file */
  constructor(file) {
    this.file = file;
    this.#size = existsSync(file) ? statSync(file).size : 0;
    this.#stream = this.#open();
  }

  #open() {
    const stream = createWriteStream(this.file, { flags: 'a', mode: 0o600 });
    stream.on('error', () => undefined); // a full disk stops the log, not the services; mongod will say it
    return stream;
  }

  /** @param {string} line */
  write(line) {
    if (this.#size > rotateAbove) {
      this.#stream.end();
      rotate(this.file);
      this.#stream = this.#open();
      this.#size = 0;
    }
    this.#size += line.length + 1;
    this.#stream.write(`${line}\n`);
  }

  close() {
    this.#stream.end();
  }
}

/** @param {string} file */
export const sizeOf = (file) => (existsSync(file) ? statSync(file).size : 0);

/**
 * The last lines of a log, to show why something did not start.
 * @param {string} file
 * @param {{ lines?: number, from?: number }} [options] `from`: what is before was written by an earlier run
 * @returns {Promise<string>}
 */
export async function tailOf(file, { lines = 15, from = 0 } = {}) {
  const size = sizeOf(file);
  if (size === 0) return '';
  const start = Math.max(from <= size ? from : 0, size - 64 * 1024); // smaller than before: it was rotated
  /** @type {string[]} */
  const last = [];
  for await (const line of createInterface({ input: createReadStream(file, { start }) })) {
    last.push(line.length > 400 ? `${line.slice(0, 400)} …` : line);
    if (last.length > lines) last.shift();
  }
  return last.join('\n');
}
