import { EmailAddress } from '@leasewire/contracts';
import { Remembered } from './remembered.js';

export interface ReadEmail {
  readonly email: string | null;
  /** As the source wrote it, when that is not what `email` is. */
  readonly emailRaw?: string;
}

/** What is typed where an address is demanded and nobody has one. */
const nobody =
  /^(no-?ne|none|na|n\/a|no|noemail|no-?email|noreply|no-?reply|nomail|unknown|test|asdf?|abc|xxx+|aaa+|email|x|null|tbd|refused|declined|donotreply|notgiven)\d*$/;
const nowhere =
  /^(none|na|no|noemail|no-?email|nomail|unknown|test|asdf?|xxx+|aaa+|email|x|null|tbd|example|invalid|noone|refused|declined)\.[a-z.]+$/;
/** Reserved for examples: mail to these reaches nobody (RFC 2606). Subdomains of example.com are what our own demo uses. */
const reserved = /(^|\.)(invalid|localhost)$/;
const askedForEverywhere = new Set([
  'no@email.com',
  'no@mail.com',
  'none@gmail.com',
  'none@yahoo.com',
  'noemail@gmail.com',
  'noemail@yahoo.com',
  'na@na.na',
]);

/** The first real address of what may be several; junk is nobody's address and becomes null. */
export function readEmail(...sources: readonly (string | null | undefined)[]): ReadEmail {
  const written = sources.filter((source): source is string => typeof source === 'string' && source.trim() !== '');
  const raw = written.join('; ').trim().slice(0, 300);
  if (raw === '') return { email: null };
  for (const candidate of written.flatMap(candidatesOf)) {
    const email = addresses.of(candidate, addressIn);
    if (email !== null) return email === raw ? { email } : { email, emailRaw: raw };
  }
  return { email: null, emailRaw: raw };
}

const addresses = new Remembered<string | null>(20_000);

function addressIn(candidate: string): string | null {
  const parsed = EmailAddress.safeParse(candidate);
  return parsed.success && !isJunk(parsed.data) ? parsed.data : null;
}

/** `Ana <ana@example.com>; bob@example.com` and the like. */
function candidatesOf(text: string): string[] {
  return text
    .slice(0, 1000)
    .split(/[;,\s|/]+/)
    .map((part) => part.replace(/^mailto:/i, '').replace(/^[<("']+|[>)"'.]+$/g, ''))
    .filter((part) => part.includes('@'));
}

export function isJunk(email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  if (askedForEverywhere.has(email) || reserved.test(domain)) return true;
  return nowhere.test(domain) && (nobody.test(local) || domain.startsWith(`${local}.`) || !/^(example)\./.test(domain));
}
