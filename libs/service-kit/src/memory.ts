import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * For a process that passes bytes on. Under load many messages are alive when V8 looks at what is young, and it concludes that
 * everything made in that place lives long: from then on each body goes straight to the old generation and stays until a full
 * collection. At 460 pages of 20 kB a second that was one of them a second, and a p99 of 30 ms where it is 8 without.
 */
export function treatMessagesAsShortLived(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Left alone, on a machine with memory to spare, V8 lets a heap grow to four times what lives in it before it looks, and to 256 MB before it
 * looks for the first time: a sweep of thirty thousand people whose 65 MB live at once took 384 MB. So it looks once when the
 * service has come up, and then whenever there is twice what lived.
 */
export function letHeapGrowSlowly(): void {
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--expose-gc');
  // a V8 that no longer takes this flag while it runs collects when it likes
  runInNewContext("typeof gc === 'function' && gc()");
}
