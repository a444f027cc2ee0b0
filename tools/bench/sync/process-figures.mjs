import { readFileSync, writeFileSync } from 'node:fs';

const tick = 10; // ms: USER_HZ is 100 on every Linux that Node runs on

/** CPU time of a process so far, user and system, in ms. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (utime + stime) * tick;
}

/** The most memory it had since it was forgotten last, in MB. */
export function peakMb(pid) {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

export function forgetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
