import type { UpstreamPerson } from '@leasewire/contracts';

export type Name = UpstreamPerson['name'];

export interface WrittenName {
  readonly first?: string | null;
  readonly middle?: string | null;
  readonly last?: string | null;
  /** In one piece: `Last, First (Preferred)` or `First Last`. */
  readonly full?: string | null;
  readonly preferred?: string | null;
  readonly company?: string | null;
}

/** As names are compared and looked for: without accents, capitals and signs. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The parsed name beside the raw one. Parsing never fails: what cannot be taken apart stays in one piece. */
export function readName(written: WrittenName): Name {
  const [first, last, full] = [tidy(written.first), tidy(written.last), tidy(written.full)];
  const raw = (full || [first, tidy(written.middle), last].filter(Boolean).join(' ') || tidy(written.company)).slice(0, 300);
  const company = tidy(written.company) || companyIn(first, last, full);
  if (company && !(first && last && tidy(written.company))) {
    const shown = cleanCapitals(company);
    return { first: '', last: shown.slice(0, 100), company: shown.slice(0, 200), raw };
  }
  const parts = first || last ? { first, last } : splitFullName(full);
  const inBrackets = withoutNickname(parts.first);
  const preferred = tidy(written.preferred) || inBrackets.nickname || withoutNickname(full).nickname;
  const ownLast = withoutNickname(parts.last).rest;
  const clean = capitalsOf(`${inBrackets.rest} ${ownLast}`);
  const name = { first: clean(inBrackets.rest).slice(0, 100), last: clean(ownLast).slice(0, 100), raw };
  const shownPreferred = preferred ? clean(preferred).slice(0, 100) : '';
  return {
    ...name,
    ...(shownPreferred && shownPreferred.toLowerCase() !== name.first.toLowerCase() && { preferred: shownPreferred }),
    ...(company && { company: company.slice(0, 200) }),
  };
}

/** `Last, First`, `Last Jr., First`, `First Last, Jr.`, `Dr First Middle Last`. One word is a last name. */
export function splitFullName(full: string): { first: string; last: string } {
  const text = withoutTitle(tidy(full));
  const [before = '', ...after] = text.split(',').map((part) => part.trim());
  const behind = after.filter((part) => part !== '' && !suffix.test(part));
  if (behind.length > 0) return { first: withoutTitle(behind.join(' ')), last: before };
  const nickname = /\s*(\([^)]*\)|"[^"]*")\s*$/.exec(before)?.[0] ?? '';
  const words = before
    .slice(0, before.length - nickname.length)
    .split(' ')
    .filter(Boolean);
  const from = lastNameFrom(words);
  const last = words.slice(from).join(' ');
  return { first: `${words.slice(0, from).join(' ')}${nickname && ` ${nickname.trim()}`}`.trim(), last };
}

function lastNameFrom(words: readonly string[]): number {
  let from = words.length - 1;
  if (from > 1 && suffix.test(words[from] ?? '')) from -= 1;
  while (from > 1 && particles.has((words[from - 1] ?? '').toLowerCase())) from -= 1;
  return Math.max(from, 0);
}

const suffix = /^(jr|sr|ii|iii|iv|esq|phd|md)\.?$/i;
const titles = /^(mr|mrs|ms|miss|mx|dr|prof|rev)\.?\s+(?=\S)/i;
const particles = new Set([
  'de',
  'la',
  'las',
  'los',
  'del',
  'van',
  'der',
  'den',
  'von',
  'da',
  'di',
  'dos',
  'du',
  'le',
  'ter',
  'bin',
  'al',
  'st',
  'st.',
]);
const companyWords =
  /(^|[\s,(])(pty|ltd|limited|llc|l\.l\.c|llp|inc|incorporated|corp|corporation|plc|gmbh|trustees?|atf|superannuation|super fund|holdings|investments?|properties|enterprises|association|university|department|ministry|foundation|nominees|p\/l|& co)([\s.,)]|$)/i;
/** Also the names of families: "Mary Church" is a person, "St Mary Church" without a first name of its own is not. */
const weakCompanyWords = /(^|\s)(church|college|group|super|trust|partners|company|council)$/i;

function companyIn(first: string, last: string, full: string): string {
  const text = first && last ? `${first} ${last}` : first || last || full;
  if (companyWords.test(text)) return text;
  return weakCompanyWords.test(text) && !text.includes(',') && text.split(' ').length > 2 ? text : '';
}

const tidy = (text: string | null | undefined) => (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
const withoutTitle = (text: string) => text.replace(titles, '');

function withoutNickname(text: string): { rest: string; nickname: string } {
  const found = /\s*(?:\(([^()]*)\)|"([^"]*)"|[\u201c]([^\u201d]*)[\u201d])/.exec(text);
  if (!found) return { rest: text, nickname: '' };
  return { rest: tidy(text.replace(found[0], ' ')), nickname: tidy(found[1] ?? found[2] ?? found[3]) };
}

/** Who writes MACDONALD or macdonald left the capitals to us; who writes MacDonald did not. Decided for the whole name. */
export const cleanCapitals = (text: string): string => capitalsOf(text)(text);

function capitalsOf(whole: string): (part: string) => string {
  const letters = whole.replace(/[^\p{L}]/gu, '');
  const shouted = letters === letters.toLocaleUpperCase('en') && letters.length > 3;
  const whispered = letters === letters.toLocaleLowerCase('en') && letters.length > 1;
  if (!shouted && !whispered) return (part) => part;
  return (part) => part.split(' ').map(capitalised).join(' ');
}

const keptUpper = new Set(['ii', 'iii', 'iv', 'pty', 'llc', 'llp', 'atf', 'p/l']);

function capitalised(word: string, at: number, words: readonly string[]): string {
  const lower = word.toLocaleLowerCase('en');
  if (keptUpper.has(lower)) return lower === 'pty' ? 'Pty' : lower.toLocaleUpperCase('en');
  if (particles.has(lower) && at < words.length - 1) return lower === 'st' || lower === 'st.' ? upperFirst(lower) : lower;
  return lower
    .split(/(?<=[-'’/.])/)
    .map((part) => (part === 's' ? part : upperFirst(part)))
    .join('')
    .replace(/^Mc(\p{Ll})/u, (_, next: string) => `Mc${next.toLocaleUpperCase('en')}`);
}

const upperFirst = (text: string) => text.charAt(0).toLocaleUpperCase('en') + text.slice(1);

/** Beds that are held with people who do not exist: digits in the name, nothing to reach them by (pms-apis.md 1.8). */
export function looksLikePlaceholder(name: Name, reachable: boolean): boolean {
  if (/^(vacant|placeholder|hold|model|tbd|tba|unassigned|unknown)\b/i.test(name.raw) && !reachable) return true;
  return /\d/.test(`${name.first} ${name.last}`) && !reachable;
}
