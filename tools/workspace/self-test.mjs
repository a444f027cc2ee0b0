// Proves that what the generators make works: in a copy of this repository, thrown away at the end. Ends with “N passed, N failed”.
//
//   node tools/workspace/self-test.mjs           --keep leaves the copy and says where it is
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const keep = process.argv.includes('--keep');
const copy = await mkdtemp(join(tmpdir(), 'leasewire-generators-'));
const home = join(copy, '.leasewire-self-test');
const environment = { ...process.env, LEASEWIRE_HOME: home, NX_TUI: 'false', NX_DAEMON: 'false', npm_config_loglevel: 'error' };
// What this run is told about itself must not reach the programs it starts.
for (const name of ['FORCE_COLOR', 'NODE_OPTIONS', 'JEST_WORKER_ID', 'LEASEWIRE_PORT']) delete environment[name];

const service = 'parking';
let passed = 0;
let failed = 0;
let running;

process.once('SIGINT', () => void leave(130));
process.once('SIGTERM', () => void leave(143));

try {
  await step('the repository can be copied', copyRepository);
  await step(`nx g service ${service} bay --route`, () => run('npx', 'nx', 'g', 'service', service, 'bay', '--route'));
  await step(`nx g feature ${service} visitor-permit`, () => run('npx', 'nx', 'g', 'feature', service, 'visitor-permit'));
  await step(`nx g event ${service}.bay.freed`, () => run('npx', 'nx', 'g', 'event', `${service}.bay.freed`));
  await step('it builds, with everything that knows it', () =>
    run(
      'npm',
      'run',
      'build',
      `apps/${service}/test`,
      'libs/contracts/test',
      'apps/gateway',
      'apps/identity',
      'tools/contracts',
      'apps/e2e/test',
    ),
  );
  await step('nobody has to tidy up after the generators', async () => {
    await run(
      'npx',
      'eslint',
      '--max-warnings',
      '0',
      `apps/${service}`,
      'libs/contracts/src',
      'apps/gateway/src/bays',
      'apps/gateway/src/routes.ts',
      'apps/e2e/test/authorization.e2e.spec.ts',
    );
    await run('npx', 'prettier', '--check', '--log-level', 'warn', ...(await touched()));
  });
  await step('a service that reaches into another is refused', refuseReachingOver);
  await step('its tests pass, and those of contracts and workspace with it', () =>
    run('npx', 'jest', `apps/${service}`, 'libs/contracts', 'apps/gateway/test/openapi', 'tools/contracts', 'tools/workspace'),
  );
  await step('npm start brings it up with the rest', start);
  await step('the gateway passes its calls on', callOverRest);
  await step('its image, made as the Dockerfile makes it, runs beside it', runAsImage);
  await step('it leaves when it is asked to', stop);
} finally {
  await leave();
}

async function step(title, work) {
  if (failed > 0) return; // each stands on the one before
  const began = performance.now();
  try {
    await work();
    passed += 1;
    console.log(`✓ ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.error(`✗ ${title}\n${error instanceof Error ? (error.output ?? error.stack) : String(error)}`);
  }
}

/**
 * What git knows or would take, what is built (the compiler sees for itself what is out of date), and the installed packages with
 * their links, which lead to the copy because they are relative.
 */
async function copyRepository() {
  const files = 'git ls-files -z --cached --others --exclude-standard';
  const installed = 'find . -maxdepth 4 \\( -name node_modules -o -name dist \\) -prune -print0';
  const pack = 'tar --create --null --files-from=- --ignore-failed-read --warning=no-failed-read';
  await runIn(
    root,
    'bash',
    '-c',
    `set -o pipefail; { ${files}; ${installed}; } | ${pack} | tar --extract --directory "$0"`,
    copy,
  );
  const git = (...args) => run('git', '-c', 'user.name=self-test', '-c', 'user.email=self-test@localhost', ...args);
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--no-verify', '--message', 'as it is');
}

async function touched() {
  const { stdout } = await promisify(execFile)('git', ['status', '--porcelain', '--untracked-files=all', '--no-renames'], {
    cwd: copy,
  });
  return stdout
    .split('\n')
    .filter((line) => line && !line.startsWith(' D'))
    .map((line) => line.slice(3))
    .filter((file) => !file.startsWith('docs/contracts/') && file !== 'package-lock.json');
}

async function refuseReachingOver() {
  const file = join(copy, 'apps', service, 'src/reaching.ts');
  await writeFile(file, "export { AppModule as Theirs } from '../../identity/src/app.module.js';\n");
  const said = await run('npx', 'eslint', file).then(
    () => '',
    (error) => error.output,
  );
  await rm(file);
  if (!said.includes('@nx/enforce-module-boundaries')) throw fault('lint took it', said);
}

async function start() {
  const port = await freePort();
  running = spawn('node', ['tools/dev/start.mjs', '--only', `gateway,identity,${service}`], {
    cwd: copy,
    env: { ...environment, LEASEWIRE_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collected(running);
  const ended = new Promise((done) => running.once('exit', (code) => done(code ?? 1)));
  await until(
    async () => {
      if (running.exitCode !== null) throw fault(`npm start ended with ${String(await ended)}`, output());
      return /^Leasewire is ready/m.test(output());
    },
    () => fault('npm start did not get ready within two minutes', output()),
    120_000,
  );
  const { services } = await endpoints();
  const health = await fetch(`${services[service].url}/health/ready`);
  if (health.status !== 200) throw fault(`${service} is not healthy: ${await health.text()}`, output());
}

async function callOverRest() {
  const { gateway, signIns } = await endpoints();
  const base = typeof gateway === 'string' ? gateway : gateway.url;
  const answered = async (response, status) => {
    const text = await response.text();
    if (response.status !== status) throw new Error(`${response.url} answered ${String(response.status)}: ${text}`);
    return JSON.parse(text);
  };
  const json = { 'content-type': 'application/json' };
  const { email, password } = signIns[0];
  const { accessToken } = await answered(
    await fetch(`${base}/v1/sessions`, { method: 'POST', headers: json, body: JSON.stringify({ email, password }) }),
    201,
  );
  const authorization = { authorization: `Bearer ${accessToken}` };
  const add = () =>
    fetch(`${base}/v1/bays`, {
      method: 'POST',
      headers: { ...json, ...authorization, 'idempotency-key': 'self-test' },
      body: '{"name":"North 1"}',
    });
  const added = await answered(await add(), 201);
  const again = await answered(await add(), 201);
  if (again.id !== added.id) throw new Error(`The same call made two: ${added.id} and ${again.id}`);
  const read = await answered(await fetch(`${base}/v1/bays/${added.id}`, { headers: authorization }), 200);
  if (read.name !== 'North 1') throw new Error(`What was added is not what is read: ${JSON.stringify(read)}`);
}

/** The commands of the Dockerfile, in a folder instead of a container: production packages only, assembled, started. */
async function runAsImage() {
  const [repo, app] = [join(copy, '.image/repo'), join(copy, '.image/app')];
  for (const file of await manifests()) await cp(join(copy, file), join(repo, file));
  const install = (await dockerfileCommand(/npm ci .*--workspace "apps\/\$\{SERVICE\}"/))
    .replace('${SERVICE}', service)
    .replaceAll('"', '');
  await runIn(repo, ...install.split(/\s+/), '--prefer-offline');
  for (const group of ['apps', 'libs'])
    await cp(join(copy, group), join(repo, group), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\/(node_modules|test)$/.test(path),
    });
  await cp(join(copy, 'deploy/assemble.mjs'), join(repo, 'deploy/assemble.mjs'));
  await runIn(repo, 'node', 'deploy/assemble.mjs', service, app);
  await rm(repo, { recursive: true });

  const { mongodb, nats } = await endpoints();
  const port = await freePort();
  const replica = spawn('node', ['--enable-source-maps', 'dist/main.js'], {
    cwd: join(app, 'apps', service),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      LEASEWIRE_HTTP_PORT: String(port),
      LEASEWIRE_MONGODB_URI: mongodb.uri,
      LEASEWIRE_NATS_URL: nats.url,
      LEASEWIRE_NKEY_SEED_FILE: join(nats.trust, `${service}.seed`),
      LEASEWIRE_TRUSTED_KEYS_FILE: join(nats.trust, 'public-keys.json'),
      LEASEWIRE_SECRET_KEYS_FILE: join(nats.trust, 'secret-keys'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collected(replica);
  try {
    await until(
      async () => {
        if (replica.exitCode !== null) throw fault(`the image ended with ${String(replica.exitCode)}`, output());
        return fetch(`http://127.0.0.1:${String(port)}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        );
      },
      () => fault('the image did not get ready', output()),
      30_000,
    );
    await ended(replica, 'SIGTERM', 0, output);
  } finally {
    replica.kill('SIGKILL');
  }
}

async function stop() {
  await ended(running, 'SIGINT', 0, collected(running));
}

async function ended(child, signal, expected, output) {
  const exit = new Promise((done) => child.once('exit', (code, by) => done(code ?? by)));
  child.kill(signal);
  const code = await exit;
  if (code !== expected && code !== 130) throw fault(`it ended with ${String(code)}`, output());
}

async function leave(code) {
  if (running?.exitCode === null && running.signalCode === null)
    await ended(running, 'SIGINT', 0, () => '').catch(() => undefined);
  if (keep) console.log(`the copy is kept: ${copy}`);
  else await rm(copy, { recursive: true, force: true, maxRetries: 3 });
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exit(code ?? (failed > 0 ? 1 : 0));
}

function run(...command) {
  return runIn(copy, ...command);
}

function runIn(cwd, command, ...args) {
  return new Promise((done, refuse) => {
    const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = collected(child);
    child.once('error', refuse);
    child.once('exit', (code) =>
      code === 0 ? done(output()) : refuse(fault(`${command} ${args.join(' ')} ended with ${String(code)}`, output())),
    );
  });
}

function collected(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return () => text;
}

function fault(message, output) {
  return Object.assign(new Error(message), { output: `${message}\n${output.slice(-8000)}` });
}

async function until(holds, otherwise, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw otherwise();
    await new Promise((next) => setTimeout(next, 100));
  }
}

async function endpoints() {
  return JSON.parse(await readFile(join(home, 'endpoints.json'), 'utf8'));
}

async function manifests() {
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'package.json', 'package-lock.json', '.npmrc', '*/package.json'],
    { cwd: copy },
  );
  return stdout.split('\n').filter((file) => /^((apps|libs|tools)\/[^/]+\/)?(package(-lock)?\.json|\.npmrc)$/.test(file));
}

/** The line of the Dockerfile itself, so that it cannot say something else than what is tested. */
async function dockerfileCommand(pattern) {
  const text = (await readFile(join(copy, 'Dockerfile'), 'utf8')).replaceAll('\\\n', ' ');
  const found = pattern.exec(text);
  if (!found) throw new Error(`The Dockerfile has no command like ${String(pattern)}`);
  return found[0];
}

function freePort() {
  return new Promise((done, refuse) => {
    const server = createServer().once('error', refuse);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
