import type { Resident } from '@leasewire/contracts';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** As somebody typed it; the country of the property says what a number without a prefix means. */
export function phoneOf(raw: string, country: string): Resident['phones'][number] {
  const parsed = parsePhoneNumberFromString(raw, isSupportedCountry(country) ? country : 'AU');
  return { raw, kind: 'mobile', e164: parsed?.isPossible() ? parsed.number : null };
}
