import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Running, devFolder } from './scene.js';

interface Repository {
  manifest: Record<string, unknown>;
  service: Record<string, unknown>;
  packages: Record<string, Record<string, unknown>>;
}

/** A repository with one workspace, whose lock file is right. */
const sound = (): Repository => ({
  manifest: { workspaces: ['apps/*'], devDependencies: { nx: '23.2.1' }, overrides: { 'unrs-resolver': '1.12.2' } },
  service: { dependencies: { zod: '4.6.7' } },
  packages: {
    '': { devDependencies: { nx: '23.2.1' } },
    'apps/service': { dependencies: { zod: '4.6.7' } },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/nx': {
      version: '23.2.1',
      optionalDependencies: { '@nx/nx-linux-x64-gnu': '23.2.1', '@nx/nx-darwin-arm64': '23.2.1', fsevents: '^2.3.0' },
    },
    'node_modules/@nx/nx-linux-x64-gnu': { version: '23.2.1', optional: true },
    'node_modules/nx/node_modules/@nx/nx-darwin-arm64': { version: '23.2.1', optional: true },
    'node_modules/fsevents': { version: '2.3.3', optional: true },
  },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasewire-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(repository: Repository): Promise<{ code: number | null; output: string }> {
  mkdirSync(join(folder, 'apps', 'service'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(repository.manifest));
  writeFileSync(join(folder, 'apps', 'service', 'package.json'), JSON.stringify(repository.service));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: repository.packages }));
  return run([folder]);
}

const run = (args: readonly string[]) => new Running(spawn(process.execPath, [join(devFolder, 'lock-check.mjs'), ...args])).ended;

describe('the lock check', () => {
  it('is content with this repository', async () => {
    expect(await run([])).toEqual({ code: 0, output: 'package-lock.json is complete and every dependency is pinned.\n' });
  });

  it('is content with a sound one', async () => {
    expect(await check(sound())).toMatchObject({ code: 0 });
  });

  it('names a package whose platform package is missing, and what to do', async () => {
    const repository = sound();
    delete repository.packages['node_modules/nx/node_modules/@nx/nx-darwin-arm64'];
    const { code, output } = await check(repository);
    expect(code).toBe(1);
    expect(output).toContain('nx@23.2.1 is incomplete in package-lock.json: no entry for @nx/nx-darwin-arm64@23.2.1.');
    expect(output).toContain('"overrides"');
    expect(output).toContain('npm install');
  });

  it('sees a platform package of another version', async () => {
    const repository = sound();
    repository.packages['node_modules/@nx/nx-linux-x64-gnu'] = { version: '23.2.0', optional: true };
    expect((await check(repository)).output).toContain('no entry for @nx/nx-linux-x64-gnu@23.2.1');
  });

  it.each(['^4.6.7', '~4.6.7', '4.x', '*', 'latest', '>=4', 'github:colinhacks/zod'])(
    'wants one exact version, not %s',
    async (version) => {
      const repository = sound();
      repository.service = { dependencies: { zod: version } };
      repository.packages['apps/service'] = { dependencies: { zod: version } };
      const { code, output } = await check(repository);
      expect(code).toBe(1);
      expect(output).toContain(`apps/service/package.json: zod is "${version}", which is not one exact version.`);
    },
  );

  it('wants exact overrides too', async () => {
    const repository = sound();
    repository.manifest.overrides = { jest: { 'unrs-resolver': '^1.12.0' } };
    expect((await check(repository)).output).toContain('package.json: unrs-resolver is "^1.12.0"');
  });

  it('sees a package.json that the lock file does not know yet', async () => {
    const repository = sound();
    repository.service = { dependencies: { zod: '4.6.8' } };
    expect((await check(repository)).output).toContain(
      'apps/service/package.json wants zod@4.6.8, package-lock.json says 4.6.7. Run npm install.',
    );
  });
});
