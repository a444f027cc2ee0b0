/** How names are compared and sorted: case and accents do not matter to someone who types a name into a search box. */
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

/** What a search may begin with: the e-mail address, the name, and the name from each of its words on. */
export function searchPhrases(name: string, email: string): string[] {
  const words = fold(name).split(' ');
  const phrases = words.map((_, at) => words.slice(at).join(' '));
  return [...new Set([...phrases, fold(email)])];
}

/** Anchored, without flags and with nothing special in it, so that it is a range of the index and not a scan. */
export function startsWith(search: string): RegExp {
  return new RegExp(`^${fold(search).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}`);
}
