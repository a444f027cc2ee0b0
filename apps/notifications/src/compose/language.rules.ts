/**
 * In which of the languages that a text exists in somebody reads it: the one they chose, else a near one (`es` for `es-MX`), else the
 * property’s, else English, else whichever there is.
 */
export function languageFor(available: readonly string[], ...wanted: readonly (string | null | undefined)[]): string {
  const known = new Map(available.map((locale) => [locale.toLowerCase(), locale]));
  for (const locale of [...wanted, 'en']) {
    const exact = locale?.toLowerCase();
    if (exact === undefined) continue;
    const base = exact.slice(0, exact.includes('-') ? exact.indexOf('-') : exact.length);
    const near = available.find((one) => one.toLowerCase().startsWith(`${base}-`));
    const found = known.get(exact) ?? known.get(base) ?? near;
    if (found !== undefined) return found;
  }
  const [first] = available;
  if (first === undefined) throw new Error('A text exists in no language');
  return first;
}
