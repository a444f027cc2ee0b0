/** How words are compared and sorted: case and accents do not matter to someone who types a name into a search box. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Sorts as people count: 2 before 10. */
export const naturalKey = (text: string): string => fold(text).replace(/\d+/g, (digits) => digits.padStart(10, '0'));

export interface Searchable {
  readonly names: readonly (string | null | undefined)[];
  readonly email?: string | null;
  readonly phones?: readonly { readonly e164: string | null; readonly raw: string }[];
  readonly units?: readonly (string | null)[];
}

/** What the words of a search may begin with. */
export function searchWords({ names, email, phones = [], units = [] }: Searchable): string[] {
  const words = [...names, ...units].flatMap((text) =>
    text ? [...fold(text).split(/[\s,()/]+/), ...fold(text).split(/[^a-z0-9]+/)] : [],
  );
  const numbers = phones.flatMap(({ e164, raw }) => [e164, raw]).map((number) => number?.replace(/\D/g, '') ?? '');
  return [...new Set([...words, ...(email ? [fold(email)] : []), ...numbers])].filter((word) => word !== '').slice(0, 60);
}
