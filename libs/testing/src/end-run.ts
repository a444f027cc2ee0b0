/** Jest's globalTeardown. Imports nothing of ours: Jest loads it without our resolver. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.leasewireEndRun?.();
}
