/**
 * No PMS of ours says in which time zone a property is; most say its state. Of states that are in two, those are here of which nearly all
 * live in one; the others are not known.
 */
const zonesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  US: {
    'America/New_York': 'CT DC DE FL GA MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV',
    'America/Chicago': 'AL AR IA IL KS LA MN MO MS OK TX WI',
    'America/Denver': 'CO MT NM UT WY',
    'America/Phoenix': 'AZ',
    'America/Los_Angeles': 'CA NV OR WA',
    'America/Anchorage': 'AK',
    'Pacific/Honolulu': 'HI',
    'America/Puerto_Rico': 'PR',
  },
  CA: {
    'America/Vancouver': 'BC',
    'America/Edmonton': 'AB',
    'America/Regina': 'SK',
    'America/Winnipeg': 'MB',
    'America/Toronto': 'ON QC',
    'America/Halifax': 'NB NS PE',
    'America/St_Johns': 'NL',
  },
  AU: {
    'Australia/Sydney': 'NSW ACT',
    'Australia/Melbourne': 'VIC',
    'Australia/Brisbane': 'QLD',
    'Australia/Adelaide': 'SA',
    'Australia/Perth': 'WA',
    'Australia/Hobart': 'TAS',
    'Australia/Darwin': 'NT',
  },
};
const onlyZones: Readonly<Record<string, string>> = {
  NZ: 'Pacific/Auckland',
  GB: 'Europe/London',
  IE: 'Europe/Dublin',
  SG: 'Asia/Singapore',
};

/** null: it cannot be known from this. */
export function zoneOf(country: string, region: string | undefined): string | null {
  const state = region?.trim().toUpperCase() ?? '';
  const found = Object.entries(zonesOf[country] ?? {}).find(([, states]) => states.split(' ').includes(state));
  return found?.[0] ?? onlyZones[country] ?? null;
}

const currencies: Readonly<Record<string, string>> = {
  AU: 'AUD',
  NZ: 'NZD',
  US: 'USD',
  CA: 'CAD',
  GB: 'GBP',
  IE: 'EUR',
  SG: 'SGD',
};
export const currencyOf = (country: string): string => currencies[country] ?? 'USD';
