import { setMaxListeners } from 'node:events';

export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Rejects when the time is over. */
  readonly tooLate: Promise<never>;
}

/** One for a whole batch, which begins together: timers and signals for each would cost more than what they watch over. */
export function timeLimit(timeoutMs: number): TimeLimit {
  const signal = AbortSignal.timeout(timeoutMs);
  setMaxListeners(0, signal); // each of the batch may listen
  const tooLate = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error(`No answer within ${timeoutMs} ms`));
    });
  });
  tooLate.catch(() => undefined); // nobody may be waiting any more
  return { signal, tooLate };
}
