import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { services, type ServiceRow } from '@leasewire/contracts';
import { parse } from 'yaml';
import { findHadolint } from '../hadolint.mjs';
import { root } from './import-graph.js';

interface ComposeService {
  profiles?: string[];
  image?: string;
  build?: { args: Record<string, string>; target?: string };
  environment?: Record<string, string>;
  ports?: string[];
  networks?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  cap_drop?: string[];
  read_only?: boolean;
  restart?: string;
}
interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, object>;
  networks: Record<string, { internal?: boolean }>;
}

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
const all = Object.entries(compose.services);
const ours: [string, ServiceRow][] = Object.entries(services);

/** Everybody is given it, some read it. */
const forAll = ['LEASEWIRE_PUBLIC_URL'];

/** What they mount besides their keys. */
const besides: Partial<Record<string, string[]>> = {
  notifications: ['./deploy/secrets:/run/secrets:ro'], // of the mail server and Twilio
  audit: ['audit-heads:/var/lib/leasewire/audit-heads'],
};

const onPath = (name: string) =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);

describe('the Dockerfile', () => {
  it('has nothing that hadolint objects to', async () => {
    const hadolint = await findHadolint();
    if (!hadolint) {
      console.warn('hadolint cannot be had here: the Dockerfile was not linted');
      return;
    }
    const { stdout } = await promisify(execFile)(hadolint, ['--no-color', 'Dockerfile'], { cwd: root });
    expect(stdout).toBe('');
  }, 60_000);

  it('runs as nobody in particular, and says when it is well and how it is asked to leave', () => {
    const last = readFileSync(join(root, 'Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .find((stage) => stage.includes(' AS service'));
    for (const line of [/^USER \d+:\d+$/m, /^HEALTHCHECK /m, /^STOPSIGNAL SIGTERM$/m, /^CMD \["node"/m])
      expect(last).toMatch(line);
  });
});

describe('docker-compose.yml', () => {
  it('has every service of the table, and only those', () => {
    const built = all
      .filter(([, { build, profiles }]) => build && !build.target && profiles?.includes('app'))
      .map(([name]) => name);
    expect(built.sort()).toEqual(Object.keys(services).sort());
  });

  it.each(ours)('%s runs as locked in as it can be, with its own keys and no others', (name, row) => {
    const service = compose.services[name]!;
    expect(service.build?.args).toEqual({ SERVICE: name });
    expect(service).toMatchObject({ image: `leasewire/${name}`, read_only: true, cap_drop: ['ALL'], restart: 'always' });
    expect(service.volumes).toEqual([`trust-${name}:/run/trust:ro`, ...(besides[name] ?? [])]);
    expect(compose.services['trust']?.volumes).toContain(`trust-${name}:/trust/${name}`);
    const environment = Object.keys(service.environment ?? {});
    expect(environment.includes('LEASEWIRE_MONGODB_URI')).toBe(row.owns);
    expect(environment).toEqual(
      expect.arrayContaining(['LEASEWIRE_NATS_URL', 'LEASEWIRE_NKEY_SEED_FILE', 'LEASEWIRE_TRUSTED_KEYS_FILE']),
    );
    expect(
      environment.filter((variable) => /SEED|KEY|SECRET|PASSWORD|TOKEN/.test(variable) && !variable.endsWith('_FILE')),
    ).toEqual(name === 'audit' ? ['LEASEWIRE_AUDIT_OLD_KEYS'] : []); // which are public ones
  });

  it('hands on from .env what docs/operations.md tells operators to set', () => {
    const told = new Set(readFileSync(join(root, 'docs/operations.md'), 'utf8').match(/LEASEWIRE_[A-Z_]*[A-Z]/g));
    const handedOn = new Set(all.flatMap(([, { environment = {} }]) => Object.keys(environment)));
    expect(told).toContain('LEASEWIRE_TRUSTED_PROXIES');
    expect([...told].filter((name) => !handedOn.has(name) && !handedOn.has(`${name}_FILE`))).toEqual([]);
    expect(compose.services['gateway']?.environment?.['LEASEWIRE_TRUSTED_PROXIES']).toBe('${LEASEWIRE_TRUSTED_PROXIES:-}');
  });

  it.each(ours)('%s reads whatever variable it is given, under the name that it has in .env', (name) => {
    const configs = [join(root, 'libs/service-kit/src'), join(root, 'apps', name, 'src')].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('config.ts'))
        .map((path) => readFileSync(join(folder, path), 'utf8')),
    );
    const read = new Set(configs.flatMap((text) => text.match(/\bLEASEWIRE_\w+(?=:)/g) ?? []));
    for (const [variable, value] of Object.entries(compose.services[name]?.environment ?? {})) {
      const isRead = read.has(variable) || read.has(variable.replace(/_FILE$/, ''));
      expect([variable, isRead || forAll.includes(variable)]).toEqual([variable, true]);
      const [, from = variable] = /\$\{(\w+)/.exec(value) ?? [];
      expect(from).toBe(variable);
    }
  });

  it('keeps the signed heads of audit outside of the database, in a volume that audit may write', () => {
    const { audit, trust } = compose.services;
    expect(audit?.environment?.['LEASEWIRE_AUDIT_HEADS_FILE']).toMatch(/^\/var\/lib\/leasewire\/audit-heads\/[^/]+$/);
    expect(all.filter(([, { volumes }]) => volumes?.some((volume) => volume.startsWith('audit-heads:')))).toEqual([
      ['audit', audit],
      ['trust', trust],
    ]);
    expect(trust?.volumes).toContain('audit-heads:/trust/audit-heads'); // which gives it to the user of the images
  });

  it('lets nobody in but through the gateway, and that only from this machine', () => {
    const open = all.filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports]);
    expect(open).toEqual([['gateway', [expect.stringMatching(/^127\.0\.0\.1:/)]]]);
    expect(compose.networks['platform']?.internal).toBe(true);
    const on = (wanted: string) => all.filter(([, { networks }]) => networks?.includes(wanted)).map(([name]) => name);
    expect(on('edge')).toEqual(['gateway']);
  });

  it('gives a way out to those who ask a PMS, a mail server or Twilio, and to nobody else', () => {
    const reachOut = all.filter(([, { networks = [] }]) => networks.some((name) => !compose.networks[name]?.internal));
    expect(reachOut.map(([name, { networks }]) => [name, networks])).toEqual([
      ['gateway', ['platform', 'edge']],
      ['pms-sync', ['platform', 'outside']],
      ['notifications', ['platform', 'outside']],
    ]);
    // an internal network has no route to anybody else
    expect(Object.entries(compose.networks).flatMap(([name, { internal }]) => (internal ? [name] : []))).toEqual(['platform']);
  });

  it('starts nothing before what it needs is well', () => {
    for (const [name, { depends_on: needs = {}, profiles = [] }] of all)
      for (const [other, { condition }] of Object.entries(needs)) {
        const needed = compose.services[other];
        expect([name, other, needed !== undefined]).toEqual([name, other, true]);
        // every profile that starts it starts what it needs
        expect(needed?.profiles).toEqual(expect.arrayContaining(profiles));
        expect(condition).toBe(needed?.restart === 'no' ? 'service_completed_successfully' : 'service_healthy');
        if (condition === 'service_healthy') expect(needed?.healthcheck ?? needed?.build).toBeDefined();
      }
  });

  it('declares every volume it mounts, and mounts every one it declares', () => {
    const mounted = all
      .flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!))
      .filter((volume) => !volume.startsWith('./'));
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('is what docker compose itself takes (where it is installed)', async () => {
    const works = await promisify(execFile)('docker', ['compose', 'version']).then(
      () => true,
      () => false,
    );
    if (!works) return;
    await promisify(execFile)('docker', ['compose', '--profile', 'app', 'config', '--quiet'], { cwd: root });
  });
});

describe('the keys of a deployment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leasewire-trust-'));
  const make = () =>
    execFileSync(process.execPath, ['deploy/trust.mjs'], {
      cwd: root,
      env: { ...process.env, LEASEWIRE_TRUST_FOLDER: folder },
      encoding: 'utf8',
    });
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are made once, each service’s in a folder of its own that others cannot read', () => {
    make();
    const seeds = Object.keys(services).map((name) => read(`${name}/nkey.seed`));
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const name of Object.keys(services)) expect(statSync(join(folder, name, 'nkey.seed')).mode & 0o777).toBe(0o400);
    expect(statSync(join(folder, 'audit-heads')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'gateway')).sort()).toEqual(['nkey.seed', 'trusted-keys.json']);
    expect(readdirSync(join(folder, 'audit')).sort()).toEqual([
      'audit-signing-key',
      'nkey.seed',
      'secret-keys',
      'trusted-keys.json',
    ]);
    expect(Object.keys(JSON.parse(read('identity/trusted-keys.json')) as object)).toEqual(
      expect.arrayContaining(Object.keys(services)),
    );
    make();
    expect(Object.keys(services).map((name) => read(`${name}/nkey.seed`))).toEqual(seeds);
  });

  it('come with a configuration that nats-server takes', () => {
    const server =
      onPath('nats-server') ??
      join(process.env['LEASEWIRE_TEST_BIN_DIR'] ?? join(homedir(), '.cache/leasewire/bin'), 'nats-server');
    expect(() => execFileSync(server, ['-t', '-c', join(folder, 'nats/nats.conf')], { stdio: 'pipe' })).not.toThrow();
    expect(read('nats/nats.conf')).not.toMatch(/SU[A-Z2-7]{56}/);
    // or what was acknowledged is lost on a power cut
    expect(JSON.parse(read('nats/nats.conf'))).toMatchObject({ jetstream: { sync_interval: 'always' } });
  });
});
