// Loaded into a service before all else (NODE_OPTIONS=--require): its calendar is ahead by what a file says, its timers are not.
// So a test can let days go by for real processes. What is written beside the file says who has noticed.
const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.E2E_MOVED_TIME;
const Real = Date;
let written = '';
let aheadMs = 0;

class Moved extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + aheadMs);
    else super(...given);
  }

  static now() {
    return Real.now() + aheadMs;
  }

  // those that node itself makes are dates too
  static [Symbol.hasInstance](value) {
    return value instanceof Real;
  }
}

function look() {
  const now = readFileSync(file, 'utf8');
  if (now === written) return;
  written = now;
  aheadMs = Number(now);
  writeFileSync(`${file}.${process.pid}`, now);
}

if (file) {
  globalThis.Date = Moved;
  look();
  setInterval(look, 15).unref();
}
