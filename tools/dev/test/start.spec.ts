import { Scene } from './scene.js';

describe('npm start', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.make();
  });
  afterEach(() => scene.close());

  it('starts every service and says what is where and how to sign in', async () => {
    const start = await scene.ready();
    const { gateway, services, signIns } = scene.endpoints;
    expect(Object.keys(services)).toEqual(['gateway', 'audit', 'identity']);
    expect(signIns).toEqual([{ role: 'owner', email: 'owner@demo.test', password: 'demo' }]);
    expect(start.output).toContain(`REST API          ${gateway?.url ?? '?'}/v1`);
    expect(start.output).toMatch(/owner +owner@demo\.test +demo/);
    expect(await (await fetch(gateway?.url ?? '')).json()).toMatchObject({ name: 'gateway' });
  });

  it('gives each service its own key, by file, and the addresses of the servers', async () => {
    await scene.ready();
    const env: unknown = await (await fetch(`${scene.endpoints.services.audit?.url ?? ''}/env`)).json();
    expect(env).toMatchObject({
      LEASEWIRE_MONGODB_URI: scene.endpoints.mongodb.uri,
      LEASEWIRE_NATS_URL: scene.endpoints.nats.url,
      LEASEWIRE_NKEY_SEED_FILE: `${scene.home}/trust/audit.seed`,
      LEASEWIRE_SECRET_KEYS_FILE: `${scene.home}/trust/secret-keys`,
      LEASEWIRE_AUDIT_SIGNING_KEY_FILE: `${scene.home}/trust/audit-signing-key`,
    });
    expect(JSON.parse((env as { LEASEWIRE_TRUSTED_KEYS: string }).LEASEWIRE_TRUSTED_KEYS)).toHaveProperty('operator');
  });

  it('starts only what was asked for', async () => {
    await scene.ready(['--only', 'identity,audit']);
    expect(Object.keys(scene.endpoints.services)).toEqual(['audit', 'identity']);
    expect(scene.endpoints.gateway).toBeNull();
  });

  it('starts replicas, each gateway on a port of its own', async () => {
    await scene.ready([], { LEASEWIRE_REPLICAS: '2' });
    const { gateway, services } = scene.endpoints;
    expect(services.identity?.instances.map(({ name }) => name)).toEqual(['identity', 'identity-2']);
    expect(gateway?.urls).toHaveLength(2);
    const pids = await Promise.all(
      (gateway?.urls ?? []).map(async (url) => ((await (await fetch(url)).json()) as { pid: number }).pid),
    );
    expect(new Set(pids)).toEqual(new Set(services.gateway?.instances.map(({ pid }) => pid)));
  });

  it('runs twice side by side with another home and port', async () => {
    const other = await Scene.make();
    try {
      await Promise.all([scene.ready(), other.ready()]);
      expect(other.endpoints.gateway?.url).not.toBe(scene.endpoints.gateway?.url);
      expect(new Set([...scene.pids, ...other.pids]).size).toBe(6);
    } finally {
      await other.close();
    }
  });

  it('keeps the ports of the last run where they are free', async () => {
    const first = await scene.ready();
    const before = scene.endpoints.services.audit?.url;
    await first.stop();
    await scene.ready();
    expect(scene.endpoints.services.audit?.url).toBe(before);
  });
});

describe('npm start says in one sentence', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.make();
  });
  afterEach(() => scene.close());

  async function refusal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, output } = await scene.start(args, env).ended;
    expect(code).toBe(1);
    expect(output).not.toMatch(/^\s+at /m); // no stack
    return output;
  }

  it('that it already runs, and where', async () => {
    await scene.ready();
    expect(await refusal([])).toContain(
      `Leasewire already runs at ${scene.endpoints.gateway?.url ?? '?'} (process ${String(scene.endpoints.pid)}`,
    );
    expect(await refusal(['--fresh'])).toContain('Leasewire already runs');
    expect(scene.endpoints.gateway).not.toBeNull();
  });

  it('that the port is busy, before anything is started', async () => {
    const port = await scene.listen();
    const output = await refusal([], { LEASEWIRE_PORT: String(port) });
    expect(output).toContain(`Port ${String(port)} is already used by another program.`);
    expect(output).toContain('choose another port: LEASEWIRE_PORT=');
    expect(output).not.toContain('✓');
  });

  it.each([
    ['an unknown argument', ['--frehs'], {}, 'Unknown argument "--frehs". There are --fresh, --only <services> and --help'],
    ['an unknown service', ['--only', 'gatewya'], {}, 'There is no service "gatewya". There are: gateway, audit, identity.'],
    ['a missing list', ['--only'], {}, '--only needs names of services'],
    ['a port that is none', [], { LEASEWIRE_PORT: '80a' }, 'LEASEWIRE_PORT must be a number from 0 to 65535, not "80a".'],
    ['replicas that are none', [], { LEASEWIRE_REPLICAS: 'two' }, 'LEASEWIRE_REPLICAS must be a number from 1 to 9, not "two".'],
    [
      'a full disk',
      [],
      { LEASEWIRE_MIN_FREE_MB: '999999999' },
      /Only \d+ MB are free on the disk of .*, and the data needs 999999999 MB\. Free some space/,
    ],
    [
      'a server that is not there',
      [],
      { LEASEWIRE_NATS_URL: 'nats://127.0.0.1:9' },
      'LEASEWIRE_NATS_URL names 127.0.0.1:9, but nobody answers there.',
    ],
    ['a home that is no home', [], { LEASEWIRE_HOME: __dirname }, 'has files that Leasewire did not make.'],
  ])('%s', async (_name, args, env, sentence) => {
    const output = await refusal(args, env);
    if (typeof sentence === 'string') expect(output).toContain(sentence);
    else expect(output).toMatch(sentence);
  });

  it('why a service refuses its configuration', async () => {
    const output = await refusal([], { FAKE_REFUSES: 'audit' });
    expect(output).toContain('LEASEWIRE_EXAMPLE is missing');
    expect(output).toContain('audit refuses its configuration');
    expect(scene.hasEndpoints).toBe(false);
  });
});
