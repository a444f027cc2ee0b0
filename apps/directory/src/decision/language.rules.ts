import type { FieldSource, Resident } from '@leasewire/contracts';
import type { z } from 'zod';

/** Of whom nobody has said: undefined, so that nothing is kept of it. */
type Known = Resident['language'];
type Source = z.infer<typeof FieldSource>;

/** Who may have said it, each beside the others: what one takes back, the next one still says. */
export interface LanguageFacts {
  readonly ownLanguage?: Known;
  readonly staffLanguage?: Known;
  readonly upstream: { readonly language?: Known } | null;
}

/**
 * Whoever reads it knows best, then whoever spoke with them, then the record. The language of a property is nobody’s word
 * about this person, so it has no source.
 */
export function languageOf(
  { ownLanguage, staffLanguage, upstream }: LanguageFacts,
  property: Known,
): { language?: NonNullable<Known>; source?: Source } {
  if (ownLanguage) return { language: ownLanguage, source: 'resident' };
  if (staffLanguage) return { language: staffLanguage, source: 'staff' };
  if (upstream?.language) return { language: upstream.language, source: 'pms' };
  return property ? { language: property } : {};
}

/** Which of them it is, in words for the timeline. */
export const nameOfLanguage = (locale: string): string => names.of(locale) ?? locale;
const names = new Intl.DisplayNames('en', { type: 'language' });

/** `es` finds es and es-MX; without anybody’s word it is English. */
export function languageAsked(asked: readonly string[]) {
  const like = asked.map((locale) => new RegExp(`^${locale}(-|$)`));
  return { $in: asked.includes('en') ? [...like, null] : like };
}
