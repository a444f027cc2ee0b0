import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  readonly timeoutMs?: number;
  /** For an assertion that is itself much work; 100 otherwise. */
  readonly everyMs?: number;
  /** Said when it never came true. */
  readonly what?: string;
}

/** The same as in jest-environment.cjs: `npm test` is patient, for it also runs on machines that are slow or busy. */
const patience = Number(process.env['LEASEWIRE_TEST_PATIENCE'] ?? 1);

/**
 * Repeats until the assertion holds: it neither throws nor returns false. The last failure is what you see on time-out.
 * Polls quickly at first, then every `everyMs`.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const timeoutMs = (options.timeoutMs ?? 10_000) * patience;
  const giveUpAt = performance.now() + timeoutMs;
  for (let pause = 5; ; pause = Math.min(options.everyMs ?? 100, pause * 1.5)) {
    let failure: unknown;
    try {
      const result = await assertion();
      if (result !== false) return result;
      failure = new Error('it returned false');
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) throw gaveUp(failure, timeoutMs, options.what);
    await sleep(pause);
  }
}

/** Jest shows the message; the place where the assertion failed is the cause’s. */
function gaveUp(failure: unknown, timeoutMs: number, what = 'it'): Error {
  const reason = failure instanceof Error ? failure.message : String(failure);
  return new Error(`${what} did not come true within ${timeoutMs} ms: ${reason}`, { cause: failure });
}
