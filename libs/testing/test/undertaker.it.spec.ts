import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../src/index.js';

/** What a test run looks like from outside: a process that starts a run, and servers in it. */
const script = `
  import { spawn } from 'node:child_process';
  import { runDirectory, watch, endOwnRun } from ${JSON.stringify(join(__dirname, '../dist/test-run.js'))};
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  watch(child.pid);
  console.log(JSON.stringify({ pid: child.pid, directory: runDirectory() }));
  process.stdin.once('data', () => endOwnRun().then(() => process.exit(0)));
`;

/** A zombie has ended; only its parent has not looked yet. */
const alive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

async function startRun() {
  const env = { ...process.env, LEASEWIRE_TEST_RUN: '' };
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => owner.stdout.setEncoding('utf8').once('data', resolve));
  const { pid, directory } = JSON.parse(line) as { pid: number; directory: string };
  expect(alive(pid) && existsSync(directory)).toBe(true);
  return { owner, pid, directory };
}

describe('nothing of a test run stays behind', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('when the run gets %s', async (signal) => {
    const { owner, pid, directory } = await startRun();
    owner.kill(signal);
    await eventually(() => !alive(pid) && !existsSync(directory));
  });

  it('when it ends well', async () => {
    const { owner, pid, directory } = await startRun();
    owner.stdin.write('end\n');
    await new Promise((resolve) => owner.once('exit', resolve));
    expect(alive(pid) || existsSync(directory)).toBe(false);
  });
});
