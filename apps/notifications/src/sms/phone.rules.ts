import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type PhoneRefusal = 'unreadable' | 'landline' | 'special' | 'international';
export type PhoneVerdict =
  | { readonly may: true; readonly country: string; readonly international: boolean }
  | { readonly may: false; readonly because: PhoneRefusal; readonly message: string };

/** Where a mobile is not told from a landline by its number (North America), carriers say; we try. */
const reachable = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER', undefined]);
/** One numbering plan and one price: texts between these are not international to whoever pays for them. */
const likeHome: Readonly<Record<string, readonly string[]>> = {
  US: ['PR', 'VI', 'GU', 'AS', 'MP'],
  AU: ['CX', 'CC'],
  GB: ['GG', 'JE', 'IM'],
};

/** International numbers cost many times as much and are what fraud asks for, so a property turns them on. */
export function mayBeTexted(e164: string, property: { readonly country: string; readonly international: boolean }): PhoneVerdict {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed?.isValid() || parsed.country === undefined)
    return refused('unreadable', 'This is not a phone number that exists. Correct it in the PMS or on the resident’s page.');
  const type = parsed.getType();
  if (type === 'FIXED_LINE') return refused('landline', 'This is a landline; it cannot receive texts.');
  if (!reachable.has(type)) return refused('special', 'Toll-free, premium and other special numbers are never texted.');
  const home = parsed.country === property.country || (likeHome[property.country] ?? []).includes(parsed.country);
  if (!home && !property.international)
    return refused(
      'international',
      'This number is of another country. Texts to other countries are turned off for this property.',
    );
  return { may: true, country: parsed.country, international: !home };
}

const refused = (because: PhoneRefusal, message: string): PhoneVerdict => ({ may: false, because, message });
