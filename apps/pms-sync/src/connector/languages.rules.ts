/** Those that people write in words; a code may be any. */
const codes =
  'ar bn de el en es fa fil fr gu he hi ht hu hy id it ja km ko lo ms my ne nl pa pl ps pt ro ru so sw ta te th tl tr uk ur vi zh'.split(
    ' ',
  );

/** As it is compared: without accents, capitals and what stands in brackets, such as a country. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\(.*$/, '')
    .trim()
    .toLowerCase();

const nameIn = (reader: string) => new Intl.DisplayNames(reader, { type: 'language', fallback: 'none' });
const inEnglish = nameIn('en');
/** Español, Spanish, espagnol: as they call it themselves, and as the three languages of our pages call it. */
const named = new Map(
  codes.flatMap((code) =>
    [nameIn(code), nameIn('fr'), nameIn('es'), inEnglish].flatMap((names) => {
      const name = names.of(code);
      return name === undefined ? [] : [[plain(name), code] as const];
    }),
  ),
);

/** `es`, `es-MX`, `spa`, Spanish, Español (México): a locale. Null: nothing said. Undefined: not a language that anybody knows. */
export function readLanguage(written: string): string | null | undefined {
  const text = written.trim();
  if (/^(|-|n\/?a|none|unknown)$/i.test(text)) return null;
  return named.get(plain(text)) ?? localeOf(text.replaceAll('_', '-'));
}

function localeOf(tag: string): string | undefined {
  if (!/^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(tag)) return undefined;
  const { language, region } = new Intl.Locale(tag);
  if (inEnglish.of(language) === undefined) return undefined;
  return region !== undefined && /^[A-Z]{2}$/.test(region) ? `${language}-${region}` : language;
}
