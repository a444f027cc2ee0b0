import { execFileSync, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdtempSync, openSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A test run owns a directory and an undertaker: a shell that outlives everyone, reads `+ pid` from a pipe, and when the
 * last writer is gone (finished, crashed, killed -9) kills what is left and removes the directory. So nothing stays
 * behind, whatever happens to Jest. This file is Jest's globalSetup too and therefore imports nothing of ours.
 */
export interface TestRun {
  readonly directory: string;
  end(): Promise<void>;
}

const variable = 'LEASEWIRE_TEST_RUN';
const pipeOf = (directory: string): string => join(directory, 'undertaker');

const undertaker = `trap '' INT TERM HUP QUIT
pids=''
while read -r op pid; do
  case "$op" in
    +) pids="$pids $pid ";;
    -) pids=$(printf '%s' "$pids" | sed "s/ $pid / /");;
  esac
done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
for pid in $pids; do
  tries=0
  while kill -0 "$pid" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$pid/status" 2>/dev/null && [ $tries -lt 100 ]; do
    sleep 0.02; tries=$((tries + 1))
  done
done
rm -rf "$1"`;

export function startRun(): TestRun {
  const directory = mkdtempSync(join(roomiest(), 'leasewire-test-'));
  const pipe = pipeOf(directory);
  execFileSync('mkfifo', ['-m', '600', pipe]);
  // read and write, so that opening does not wait for a reader; Node closes it on exec, so children do not keep it open
  const ours = openSync(pipe, 'r+');
  const stdin = openSync(pipe, 'r');
  const child = spawn('/bin/sh', ['-c', undertaker, 'sh', directory], { detached: true, stdio: [stdin, 'ignore', 'ignore'] });
  closeSync(stdin);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  return {
    directory,
    end: async () => {
      closeSync(ours);
      child.ref(); // or the loop is empty, and Node ends with code 0 before Jest has told its result
      await gone;
    },
  };
}

/** Memory where there is some: mongod and JetStream wait for the disk at every write. */
function roomiest(): string {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

let own: TestRun | undefined;

/** The directory of the run: Jest's, or outside of Jest one of this process. */
export function runDirectory(): string {
  const given = process.env[variable];
  if (given) return given;
  own ??= startRun();
  process.env[variable] = own.directory;
  return own.directory;
}

/** An empty folder that goes with the run: a suite need not delete it, and so cannot do so under a server's feet. */
export const temporaryFolder = (name: string): string => mkdtempSync(join(runDirectory(), `${name}-`));

/** Ends what a run outside of Jest started. In Jest the run ends by itself. */
export async function endOwnRun(): Promise<void> {
  await own?.end();
  if (own) delete process.env[variable];
  own = undefined;
}

/** From now on the undertaker sees to it that this process does not outlive the run. Throws when there is no run any more. */
export function watch(pid: number): void {
  tell(`+ ${pid}\n`);
}

export function unwatch(pid: number): void {
  tell(`- ${pid}\n`);
}

function tell(line: string): void {
  // without waiting: a pipe that nobody reads any more refuses instead
  const pipe = openSync(pipeOf(runDirectory()), constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeSync(pipe, line);
  } finally {
    closeSync(pipe);
  }
}

declare global {
  /** Shared with globalTeardown, which Jest loads as another module. */
  var leasewireEndRun: (() => Promise<void>) | undefined;
}

/** Jest's globalSetup. Costs a few milliseconds; servers start when the first suite asks. */
export default function globalSetup(): void {
  const run = startRun();
  process.env[variable] = run.directory;
  globalThis.leasewireEndRun = run.end;
}
