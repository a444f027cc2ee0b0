import type { UpstreamPerson } from '@leasewire/contracts';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { Remembered } from './remembered.js';

export type Phone = UpstreamPerson['phones'][number];
export type PhoneKind = Phone['kind'];

/** As written and, where it can be read, in E.164 with the property's country. A number that cannot be read is kept raw: it is no reason to drop a person. */
export function readPhone(written: string | null, kind: string | null, country: string): Phone | null {
  const raw = written?.trim().slice(0, 60) ?? '';
  if (!/\d/.test(raw)) return null;
  return { e164: toE164(raw, country), raw, kind: kindOf(kind) };
}

/** Each number once: the first mention says what it is. At most ten. */
export function readPhones(
  written: readonly { readonly number: string | null; readonly kind: string | null }[],
  country: string,
): Phone[] {
  const phones = new Map<string, Phone>();
  for (const { number, kind } of written) {
    const phone = readPhone(number, kind, country);
    const key = phone?.e164 ?? phone?.raw.replace(/\D/g, '');
    if (phone && key && !phones.has(key)) phones.set(key, phone);
  }
  return [...phones.values()].slice(0, 10);
}

/** Reading a number costs more than all else of a person together. */
const known = new Remembered<string | null>(20_000);

export function toE164(raw: string, country: string): string | null {
  return known.of(`${country} ${raw}`, () => worked(raw, country));
}

function worked(raw: string, country: string): string | null {
  const region = isSupportedCountry(country) ? country : undefined;
  const text = raw.replace(/[\p{Cf}]/gu, '').replace(/^00(?=[1-9])/, '+');
  const parsed = parsePhoneNumberFromString(text, { ...(region && { defaultCountry: region }), extract: false });
  return parsed && isPlausible(parsed.number) && parsed.isPossible() && !isFiller(parsed.nationalNumber) ? parsed.number : null;
}

const isPlausible = (number: string) => /^\+[1-9]\d{4,14}$/.test(number);
/** 0000000000, 1111111111: typed because a number was demanded. */
const isFiller = (digits: string) => /^(\d)\1+$/.test(digits) || digits === '1234567890';

const kinds: readonly [RegExp, PhoneKind][] = [
  [/cell|mobile|sms/i, 'mobile'],
  [/home|personal|primary|residen/i, 'home'],
  [/work|office|business/i, 'work'],
];

export function kindOf(written: string | null): PhoneKind {
  return kinds.find(([pattern]) => pattern.test(written ?? ''))?.[1] ?? 'other';
}
