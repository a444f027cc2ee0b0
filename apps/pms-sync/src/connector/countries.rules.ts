const names: Readonly<Record<string, string>> = {
  usa: 'US',
  'u.s.a.': 'US',
  'united states': 'US',
  'united states of america': 'US',
  unitedstates: 'US',
  canada: 'CA',
  australia: 'AU',
  'new zealand': 'NZ',
  newzealand: 'NZ',
  'united kingdom': 'GB',
  unitedkingdom: 'GB',
  'great britain': 'GB',
  uk: 'GB',
  ireland: 'IE',
  mexico: 'MX',
};

/** ISO 3166-1 alpha-2 of what a vendor writes; undefined when it says nothing that we know. */
export function readCountry(written: string | null): string | undefined {
  const text = written?.trim() ?? '';
  if (/^[A-Za-z]{2}$/.test(text) && text.toLowerCase() !== 'uk') return text.toUpperCase();
  return names[text.toLowerCase()];
}
