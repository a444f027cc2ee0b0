import { readFileSync } from 'node:fs';
import { trustedBroker } from './lib/broker.mjs';
import { invitation } from './gateway/payloads.mjs';
import { shot } from './lib/load.mjs';
import { freePort } from './lib/processes.mjs';
import { spawn } from 'node:child_process';
const broker = await trustedBroker();
const port = await freePort();
const run = (args, cwd, env, until) =>
  new Promise((resolve) => {
    const c = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
    let said = '';
    c.stdout.on('data', (d) => {
      said += d;
      if (said.length > 1e6) said = said.slice(-1e4);
      if (until.test(said)) resolve([c, said]);
    });
    c.stderr.on('data', (d) => process.stderr.write(d));
  });
const [stub, said] = await run(['stub-identity.mjs'], 'tools/bench/gateway', broker.envOf('identity'), /stub is ready/);
const token = /token (\S+)/.exec(said)[1];
const prof = process.argv[2] === 'prof' ? ['--cpu-prof', '--cpu-prof-dir=/tmp/gwprof'] : [];
const [gw] = await run(
  [...prof, 'apps/gateway/dist/main.js'],
  '/work/main',
  {
    ...broker.envOf('gateway'),
    LEASEWIRE_LOG_LEVEL: process.env.LVL ?? 'info',
    LEASEWIRE_PORT: String(port),
    LEASEWIRE_RATE_LIMIT_CREDENTIAL: '1000000000',
    LEASEWIRE_RATE_LIMIT_ORGANIZATION: '1000000000',
  },
  /"ready"/,
);
const cpu = (pid) => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(f[11]) + Number(f[12])) * 10;
};
const url = `http://127.0.0.1:${port}/v1/staff`;
const headers = { authorization: `Bearer ${token}` };
for (const task of [{ method: 'POST', body: invitation }, { method: 'GET' }]) {
  await shot({ url, headers, seconds: 2, ...task });
  const b = [cpu(gw.pid), cpu(stub.pid)];
  const r = await shot({ url, headers, seconds: 5, ...task });
  const n = r.rate * 5;
  const a = [cpu(gw.pid), cpu(stub.pid)];
  console.log(
    task.method,
    Math.round(r.rate),
    'p50',
    r.p50,
    'p99',
    r.p99,
    'gw us/op',
    (((a[0] - b[0]) * 1000) / n).toFixed(0),
    'stub us/op',
    (((a[1] - b[1]) * 1000) / n).toFixed(0),
  );
}
gw.kill('SIGTERM');
await new Promise((r) => gw.on('exit', r));
stub.kill();
process.exit(0);
