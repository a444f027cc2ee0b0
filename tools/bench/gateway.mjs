/**
 * npm run bench:gateway — the gateway with authentication, permission check, rate limits and validation on, beside the raw
 * ceiling (node:http and bare NATS bytes, no checks) and beside Moleculer with the same checks and an access log as ours has
 * one, in one run. Contenders take turns in every round, so that a noisy neighbour disturbs all alike. `--rounds 5 --seconds 3`
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plainBroker, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, median, table } from './lib/figures.mjs';
import { invitation, principal } from './gateway/payloads.mjs';
import { shot } from './lib/load.mjs';
import { paced } from './lib/paced.mjs';
import { freePort, start } from './lib/processes.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' } },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const here = join(import.meta.dirname, 'gateway');
const root = join(import.meta.dirname, '../..');
const node = (file, env, until) => start(process.execPath, [file], { env, cwd: here, ...(until && { until }) });

async function ceiling() {
  const broker = await plainBroker();
  const port = await freePort();
  await node('ceiling-service.mjs', { BENCH_NATS: broker.url });
  await node('ceiling-gateway.mjs', { BENCH_NATS: broker.url, BENCH_PORT: String(port) });
  return { name: 'ceiling: node:http + bare bytes', url: `http://127.0.0.1:${port}`, headers: {} };
}

async function moleculer(accessLog) {
  const broker = await plainBroker();
  const port = await freePort();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const payload = Buffer.from(JSON.stringify({ sub: principal.ref, exp: Date.now() / 1000 + 3600 })).toString('base64url');
  const token = `${payload}.${sign(null, Buffer.from(payload), privateKey).toString('base64url')}`;
  const env = {
    BENCH_NATS: broker.url,
    BENCH_PORT: String(port),
    BENCH_ACCESS_LOG: accessLog ? '1' : '',
    BENCH_TOKEN_KEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
  await node('moleculer-service.mjs', env);
  await node('moleculer-gateway.mjs', env);
  const name = `Moleculer 0.14, same checks${accessLog ? ' and access log' : ', no log'}`;
  return { name, url: `http://127.0.0.1:${port}`, headers: { authorization: `Bearer ${token}` } };
}

async function leasewire() {
  const broker = await trustedBroker();
  const port = await freePort();
  let token;
  await node('stub-identity.mjs', broker.envOf('identity'), {
    test: (said) => {
      token = /token (\S+)/.exec(said)?.[1];
      return /stub is ready/.test(said);
    },
  });
  await start(process.execPath, ['apps/gateway/dist/main.js'], {
    cwd: root,
    env: {
      ...broker.envOf('gateway'),
      LEASEWIRE_LOG_LEVEL: 'info', // its access log is part of the work
      LEASEWIRE_PORT: String(port),
      ...Object.fromEntries(['CREDENTIAL', 'ORGANIZATION'].map((of) => [`LEASEWIRE_RATE_LIMIT_${of}`, '1000000000'])),
    },
    until: /"ready"/,
  });
  return { name: 'Leasewire', url: `http://127.0.0.1:${port}`, headers: { authorization: `Bearer ${token}` } };
}

const contenders = [await ceiling(), await moleculer(true), await moleculer(false), await leasewire()];
const tasks = [
  { name: 'POST 1 kB', method: 'POST', body: invitation },
  { name: 'GET 20 kB page', method: 'GET' },
];
const figures = new Map();
const key = (contender, task) => `${contender.name}|${task.name}`;
const load = ({ url, headers }, { method, body }, more) =>
  shot({ url: `${url}/v1/staff`, method, body, headers, seconds, ...more });

for (const contender of contenders) for (const task of tasks) await load(contender, task, { seconds: 1 }); // warm
for (let round = 1; round <= rounds; round++) {
  process.stderr.write(`round ${round} of ${rounds}\n`);
  for (const task of tasks)
    for (const contender of contenders) {
      const all = figures.get(key(contender, task)) ?? [];
      figures.set(key(contender, task), [...all, await load(contender, task)]);
    }
}

const atQuarter = ({ url, headers }, pace = rate(ours, page) / 4) =>
  paced({ url: `${url}/v1/staff`, method: 'GET', headers, rate: pace, seconds: 5 });
/** The median of rounds, by p99: one stall of the machine is not the gateway's. */
async function middle(measure) {
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  return all.sort((a, b) => a.p99 - b.p99)[Math.floor(rounds / 2)];
}
const rate = (contender, task) => median(figures.get(key(contender, task)).map((f) => f.rate));
const [raw, peer, silentPeer, ours] = contenders;
table(
  ['64 connections, median of rounds', ...tasks.flatMap((task) => [`${task.name} /s`, 'p50 ms', 'p99 ms', 'of ceiling'])],
  contenders.map((contender) => [
    contender.name,
    ...tasks.flatMap((task) => {
      const all = figures.get(key(contender, task));
      const r = rate(contender, task);
      return [Math.round(r), median(all.map((f) => f.p50)), median(all.map((f) => f.p99)), (r / rate(raw, task)).toFixed(2)];
    }),
  ]),
);
console.log();
for (const task of tasks) {
  budget(`${task.name}: share of the ceiling`, rate(ours, task) / rate(raw, task), '≥', 0.5);
  budget(`${task.name}: times Moleculer`, rate(ours, task) / rate(peer, task), '≥', 1.3);
  console.log(`  (${(rate(ours, task) / rate(silentPeer, task)).toFixed(2)} times a Moleculer that writes no log)`);
}
const page = tasks[1];
const quarter = await middle(() => atQuarter(ours));
const quarterOfRaw = await middle(() => atQuarter(raw, rate(ours, page) / 4));
console.log(
  `\nat ${Math.round(quarter.rate)} pages a second: p50 ${quarter.p50.toFixed(1)} ms, p99 ${quarter.p99.toFixed(1)} ms; the ceiling's p99 ${quarterOfRaw.p99.toFixed(1)} ms`,
);
budget('page p99 at a quarter of its own peak', quarter.p99, '≤', 30, ' ms');
endWithBudgets();
