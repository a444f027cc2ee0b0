import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts a process and waits for a line of its output; with `keep` it keeps what the process says afterwards. */
export async function start(command, args, { env = {}, until = /ready/, cwd = import.meta.dirname, keep = false } = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let said = '';
  const seen = new Promise((resolve, reject) => {
    let waiting = true;
    const listen = (chunk) => {
      if (!waiting && !keep) return; // an access log would cost the load generator, which is this very process, its time
      said += chunk;
      if (waiting && until.test(said)) {
        waiting = false;
        resolve();
      }
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code} before it was ready:\n${said}`)));
  });
  await seen;
  return {
    pid: child.pid,
    /** Everything it said so far. */
    said: () => said,
    runs: () => child.exitCode === null && child.signalCode === null,
    tell: (line) => child.stdin.write(`${line}\n`),
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), new Promise((done) => setTimeout(done, 3000).unref())]);
      child.kill('SIGKILL');
    },
  };
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
