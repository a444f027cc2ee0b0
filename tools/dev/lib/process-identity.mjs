import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * When the process began, as the system tells it: with it a process id that was given to another program is told apart.
 * @param {number} pid
 * @returns {string} empty when there is no such process
 */
export function birthOf(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may contain anything
      return fields[0] === 'Z' ? '' : (fields[19] ?? '');
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/**
 * @param {{ pid: number, birth: string }} identity
 */
export function isAlive({ pid, birth }) {
  const now = birthOf(pid);
  return now !== '' && (birth === '' || now === birth);
}

/**
 * Signals a whole process group, or the one process where it leads no group.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 * @returns {boolean} whether there was anything to signal
 */
export function signalGroup(pid, signal) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch {
      // gone, or not the leader of a group: try the process itself
    }
  }
  return false;
}

/**
 * What a process left behind in its group. Never signals the process id itself, which may already be another's.
 * @param {number} pid
 */
export function killRestOfGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing was left
  }
}

/**
 * The processes that carry a mark in their environment (Linux only; elsewhere none are found).
 * @param {string} name
 * @param {(value: string) => boolean} matches
 * @returns {{ pid: number, value: string }[]}
 */
export function processesMarked(name, matches) {
  if (process.platform !== 'linux') return [];
  /** @type {{ pid: number, value: string }[]} */
  const found = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      for (const pair of readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0')) {
        if (pair.startsWith(`${name}=`) && matches(pair.slice(name.length + 1)))
          found.push({ pid, value: pair.slice(name.length + 1) });
      }
    } catch {
      // another user's process, or gone meanwhile
    }
  }
  return found;
}
