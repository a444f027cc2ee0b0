import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param {string} binary
 * @param {import('./pins.mjs').ServerPin} pin
 * @returns {Promise<string | undefined>} undefined when it does not run or does not say
 */
export async function versionOf(binary, pin) {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 10_000 });
    const match = pin.parseVersion.exec(stdout);
    return match ? match.slice(1, 4).join('.') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} version
 * @param {readonly [number, number]} atLeast
 */
export function isGoodEnough(version, [major, minor]) {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} every executable of that name, in the order of PATH
 */
function candidates(name, env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

/**
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} note
 * @returns {Promise<{ path: string, version: string } | undefined>}
 */
export async function findOnPath(pin, env, note) {
  for (const path of candidates(pin.name, env)) {
    const version = await versionOf(path, pin);
    if (version && isGoodEnough(version, pin.atLeast)) return { path, version };
    note(`${path} is ${version ?? 'not usable'}; ${pin.atLeast.join('.')} or newer is needed, so it is left alone`);
  }
  return undefined;
}
