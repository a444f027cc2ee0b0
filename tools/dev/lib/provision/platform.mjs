/**
 * The kind of machine, in the words of pins.mjs.
 * LEASEWIRE_PLATFORM pretends to be another one, to see what it would be told.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function platformName(env = process.env) {
  if (env.LEASEWIRE_PLATFORM) return env.LEASEWIRE_PLATFORM;
  const base = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' ? `${base}-${cLibrary()}` : base;
}

/** Node's own report names the glibc it runs on; on musl it names none. */
function cLibrary() {
  const report = process.report.getReport();
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : {};
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header ? 'glibc' : 'musl';
}
