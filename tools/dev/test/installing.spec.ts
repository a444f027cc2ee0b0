import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Running, devFolder } from './scene.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasewire-install-'));
  cpSync(join(devFolder, 'lib'), join(folder, 'tools', 'dev', 'lib'), { recursive: true });
  lock({ 'node_modules/zod': { version: '4.6.7' }, 'node_modules/fsevents': { version: '2.3.3', optional: true } });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = (packages: Record<string, object>) =>
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } }));

/** What `npm start` and `npm test` do first, in a repository of its own, with something in place of npm. */
async function installed(npm = '') {
  const script = join(folder, 'npm.js');
  writeFileSync(
    script,
    `const { appendFileSync, mkdirSync, readFileSync } = require('node:fs');
     appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n');
     ${npm}
     for (const path of Object.keys(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages))
       if (path.includes('node_modules/') && !path.includes('fsevents')) mkdirSync(path, { recursive: true });`,
  );
  const start = `
    import { ensureInstalled } from './tools/dev/lib/workspace.mjs';
    import { Leash } from './tools/dev/lib/leash.mjs';
    import { createReport } from './tools/dev/lib/progress.mjs';
    const leash = new Leash();
    await ensureInstalled({ report: createReport(), leash, env: process.env })
      .catch((error) => { console.log(error.message); process.exitCode = 1; })
      .finally(() => leash.release());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', start], {
    cwd: folder,
    env: { ...process.env, npm_execpath: script },
  });
  return new Running(child).ended;
}
const asked = () => (existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n') : []);

describe('packages', () => {
  it('that are missing are installed, as they are locked, and then left alone', async () => {
    expect(await installed()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Packages installed \(npm ci\)/) as string,
    });
    expect(asked()).toEqual([expect.stringMatching(/^ci /)]);
    expect(await installed()).toEqual({ code: 0, output: '' });
    expect(asked()).toHaveLength(1);
  });

  it('are installed again when others are locked, and when a folder of one is gone', async () => {
    await installed();
    lock({ 'node_modules/zod': { version: '4.6.8' } });
    await installed();
    expect(asked()).toHaveLength(2);
    rmSync(join(folder, 'node_modules', 'zod'), { recursive: true });
    await installed();
    expect(asked()).toHaveLength(3);
  });

  it('that somebody has installed by hand are what npm says that they are', async () => {
    mkdirSync(join(folder, 'node_modules', 'zod'), { recursive: true });
    const record = join(folder, 'node_modules', '.package-lock.json');
    writeFileSync(record, JSON.stringify({ packages: { 'node_modules/zod': { version: '4.6.7' } } }));
    expect(await installed()).toEqual({ code: 0, output: '' });
    expect(asked()).toEqual([]);
  });

  it('are installed once by two that start together', async () => {
    await Promise.all([installed(), installed()]);
    expect(asked()).toHaveLength(1);
  });

  it.each([
    ['the network is away', 'ENOTFOUND registry.npmjs.org', /registry cannot be reached\. Connect this machine/],
    [
      'the disk is full',
      'npm error ENOSPC: no space left on device',
      /became full while packages were installed\. Free some space/,
    ],
    ['the lock file does not fit', 'Missing: left-pad@1.0.0 from lock file', /lock-check\.mjs. says which entry/],
  ])('cannot be had when %s, and that is said with what to do', async (_what, npmSays, sentence) => {
    const { code, output } = await installed(`console.error(${JSON.stringify(npmSays)}); process.exit(1);`);
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(existsSync(join(folder, 'node_modules', '.leasewire-installed'))).toBe(false);
  });
});
