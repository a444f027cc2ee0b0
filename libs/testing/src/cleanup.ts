/**
 * What a suite opened is closed when the suite is over: the Jest environment (jest-environment.cjs) runs these after the
 * last hook, in reverse order. Outside of Jest call `cleanUp` yourself.
 */
type Cleanup = () => Promise<unknown>;

declare global {
  var leasewireCleanups: Cleanup[] | undefined;
}

export function onCleanUp(cleanup: Cleanup): void {
  (globalThis.leasewireCleanups ??= []).push(cleanup);
}

export async function cleanUp(): Promise<void> {
  const all = globalThis.leasewireCleanups?.splice(0).reverse() ?? [];
  const failures: unknown[] = [];
  for (const one of all) await one().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'something the suite opened did not close');
}
