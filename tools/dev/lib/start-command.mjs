import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseStartArguments, usage } from './arguments.mjs';
import { requireFreeSpace } from './disk.mjs';
import { removeEndpoints } from './endpoints.mjs';
import { takeLock } from './file-lock.mjs';
import { createHome, emptyHome, homeOf, root } from './home.mjs';
import { killLeftovers } from './leash.mjs';
import { freePort, publicPort, requireFree } from './ports.mjs';
import { Problem } from './problem.mjs';
import { provision } from './provision/provision.mjs';
import { requireReachable } from './reachable.mjs';
import { linePrinter } from './service-lines.mjs';
import { chooseServices, findServices, gateway, replicaCount } from './services.mjs';
import { runSession } from './session.mjs';
import { Stack } from './stack.mjs';
import { printSummary } from './summary.mjs';
import { ensureBuilt, ensureBundled, ensureInstalled } from './workspace.mjs';

/**
 * `npm start`.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} the exit code
 */
export async function startCommand(args, env = process.env) {
  const home = homeOf(env);
  return runSession({ owner: home.dir, env }, async (session) => {
    const wanted = parseStartArguments(args);
    if (wanted.help) {
      session.report.line(usage);
      return 0;
    }
    return run(session, home, wanted);
  });
}

/**
 * @param {import('./session.mjs').Session} session
 * @param {import('./home.mjs').Home} home
 * @param {import('./arguments.mjs').StartArguments} wanted
 */
async function run(session, home, wanted) {
  const began = performance.now();
  const { report, leash, env, signal } = session;
  // A folder of made-up services in place of apps/: how this is tested. Such services need neither packages nor a build.
  const apps = env.LEASEWIRE_DEV_APPS ? resolve(env.LEASEWIRE_DEV_APPS) : join(root, 'apps');
  const isRepository = env.LEASEWIRE_DEV_APPS === undefined;

  const allServices = findServices(apps);
  const services = chooseServices(allServices, wanted.only);
  const replicas = replicaCount(env);
  const asked = publicPort(env);

  await requireFreeSpace(home.dir, 'the data', env);
  createHome(home);
  const lock = lockHome(home);
  session.atEnd(() => lock.release());
  leash.alsoRemove(home.lock);
  leash.alsoRemove(home.endpoints);
  removeEndpoints(home.endpoints);
  const killed = killLeftovers(home.dir);
  if (killed > 0)
    report.warn(`${String(killed)} processes of an earlier run that was killed were still there; they were stopped.`);

  if (asked !== 0 && services.some(({ name }) => name === gateway)) await requireFree(asked);
  const port = asked === 0 ? await freePort() : asked;
  lock.update({ url: `http://127.0.0.1:${String(port)}` });
  await requireExternals(env);

  if (wanted.fresh) {
    await report.step('Old data removed', () => emptyHome(home));
    if (env.LEASEWIRE_MONGODB_URI)
      report.warn('LEASEWIRE_MONGODB_URI is set: the data in that MongoDB is not touched by --fresh.');
    if (env.LEASEWIRE_NATS_URL) report.warn('LEASEWIRE_NATS_URL is set: the streams in that NATS are not touched by --fresh.');
  }

  if (isRepository) await ensureInstalled({ report, leash, env, signal });
  const servers = await report.step('MongoDB and NATS found', ({ note }) => provision({ env, note, leash, signal }));
  if (isRepository) await ensureBuilt(services, { report, leash, env, signal });
  for (const { name, main } of services) {
    if (!existsSync(main)) throw new Problem(`${main} is missing, so ${name} cannot be started. Build it: npm run build`);
  }

  const runnable = isRepository ? await ensureBundled(services, { report, leash, env, signal }) : services;

  signal.throwIfAborted();
  const onLine = linePrinter(report);
  const simulators = isRepository && services.some(({ name }) => name === 'pms-sync');
  const stack = new Stack({
    simulators,
    home,
    servers,
    services: runnable,
    allServices,
    replicas,
    port,
    env,
    leash,
    report,
    onLine,
    signal,
  });
  session.atEnd(async () => {
    await stack.stop();
    report.line('Everything is stopped.');
  });
  const endpoints = await stack.start();

  printSummary(endpoints, report);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  report.line(
    `Leasewire is ready${endpoints.gateway ? ` at ${endpoints.gateway.url}` : ''} after ${seconds} s. Ctrl-C stops everything.`,
  );
  await session.stopped;
  return 0;
}

/** @param {import('./home.mjs').Home} home */
function lockHome(home) {
  const taken = takeLock(home.lock);
  if ('lock' in taken) return taken.lock;
  const { pid, url } = taken.holder;
  throw new Problem(
    `Leasewire already runs${url ? ` at ${url}` : ''} (process ${String(pid)}, ${home.dir}). Use that one, stop it with \`kill ${String(pid)}\`, ` +
      'or run a second one beside it: LEASEWIRE_PORT=3100 LEASEWIRE_HOME=.leasewire-2 npm start',
  );
}

/** @param {NodeJS.ProcessEnv} env */
async function requireExternals(env) {
  if (env.LEASEWIRE_MONGODB_URI) await requireReachable('LEASEWIRE_MONGODB_URI', env.LEASEWIRE_MONGODB_URI, 27_017);
  if (env.LEASEWIRE_NATS_URL) await requireReachable('LEASEWIRE_NATS_URL', env.LEASEWIRE_NATS_URL, 4222);
}
