let reached = 0;

/**
 * A place where tests let the process die: `LEASEWIRE_FAULT=after-commit` kills it the first time it gets there,
 * `after-commit:7` the seventh. Otherwise it does nothing. The one place outside of the configuration that reads the
 * environment: it must work before there is a configuration, and no deployment ever sets it.
 */
export async function faultPoint(name: string): Promise<void> {
  const wanted = process.env['LEASEWIRE_FAULT'];
  if (wanted === undefined || wanted === '') return;
  const at = wanted.lastIndexOf(':');
  const nth = at === -1 ? 1 : Number(wanted.slice(at + 1));
  if ((at === -1 ? wanted : wanted.slice(0, at)) !== name) return;
  reached += 1;
  if (reached < nth) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined); // never goes on, even while the signal is on its way
}
