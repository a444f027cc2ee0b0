/** Waits for a condition, never for a time. */
export async function until(condition: () => unknown, timeoutMs = 8000): Promise<void> {
  const deadline = performance.now() + timeoutMs * Number(process.env['LEASEWIRE_TEST_PATIENCE'] ?? 1); // see libs/testing/src/eventually.ts
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`, { cause: last });
}

/** A promise that someone else settles. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, open };
}
