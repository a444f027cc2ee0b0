import { createHash, verify, type KeyObject } from 'node:crypto';
import { headerFields, headerText } from '../mail.js';
import type { DkimKeys } from './dkim-keys.js';

/** RFC 6376 as a mailbox provider sees it. Own code: mailauth needs Node 22, nodemailer only signs. */
export interface DkimResult {
  readonly result: 'pass' | 'fail' | 'no-key' | 'invalid' | 'expired';
  readonly why: string | null;
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: string;
  /** Names of the fields that the signature covers, in lower case. */
  readonly signed: readonly string[];
}

interface Field {
  readonly name: string;
  readonly source: string;
}

/** One result for each signature; none when the mail is not signed. */
export function verifyDkim(raw: Buffer, keys: DkimKeys, now: Date): DkimResult[] {
  const fields = headerFields(headerText(raw));
  const end = raw.indexOf('\r\n\r\n');
  const body = end < 0 ? '' : raw.toString('latin1', end + 4);
  return fields.filter(({ name }) => name === 'dkim-signature').map((field) => verifyOne(field, fields, body, keys, now));
}

function verifyOne(signature: Field, fields: readonly Field[], body: string, keys: DkimKeys, now: Date): DkimResult {
  const tags = tagsOf(signature.source.slice(signature.source.indexOf(':') + 1));
  const tag = (name: string) => tags.get(name) ?? '';
  const signed = tag('h')
    .toLowerCase()
    .split(':')
    .filter((name) => name !== '');
  const about = { domain: tag('d'), selector: tag('s'), algorithm: tag('a'), signed };
  const say = (result: DkimResult['result'], why: string | null = null): DkimResult => ({ result, why, ...about });

  const missing = ['v', 'a', 'b', 'bh', 'd', 'h', 's'].find((name) => !tags.has(name));
  if (missing !== undefined) return say('invalid', `${missing}= is missing`);
  if (tag('a') !== 'rsa-sha256' && tag('a') !== 'ed25519-sha256') return say('invalid', `${tag('a')} is no algorithm of today`);
  if (!signed.includes('from')) return say('invalid', 'From is not signed');
  if (tags.has('x') && Number(tag('x')) * 1_000 < now.getTime())
    return say('expired', `since ${new Date(Number(tag('x')) * 1_000).toISOString()}`);
  const key = keys.get(tag('d'), tag('s'));
  if (key === undefined) return say('no-key', `${tag('s')}._domainkey.${tag('d')} is not known; POST dkim-keys`);

  const [headerWay = 'simple', bodyWay = 'simple'] = (tags.get('c') ?? 'simple/simple').split('/');
  const canonicalBody = bodyWay === 'relaxed' ? relaxedBody(body) : simpleBody(body);
  const hashed = tags.has('l') ? canonicalBody.slice(0, Number(tag('l'))) : canonicalBody;
  if (createHash('sha256').update(hashed, 'latin1').digest('base64') !== tag('bh')) return say('fail', 'the body was changed');
  const text = signedText(signature, signed, fields, headerWay === 'relaxed');
  return isGenuine(tag('a'), text, tag('b'), key)
    ? say('pass')
    : say('fail', 'a signed header was changed, or the key is another');
}

function isGenuine(algorithm: string, text: string, signature: string, key: KeyObject): boolean {
  const data = Buffer.from(text, 'utf8');
  const given = Buffer.from(signature, 'base64');
  if (algorithm === 'rsa-sha256') return key.asymmetricKeyType === 'rsa' && verify('sha256', data, key, given);
  // RFC 8463: what is signed is the hash
  return key.asymmetricKeyType === 'ed25519' && verify(null, createHash('sha256').update(data).digest(), key, given);
}

/** Of fields with one name the last counts first; one that is not there counts as nothing, so that none can be added. */
function signedText(signature: Field, signed: readonly string[], fields: readonly Field[], relaxed: boolean): string {
  const left = new Map<string, Field[]>();
  for (const field of fields) left.set(field.name, [...(left.get(field.name) ?? []), field]);
  const canonical = ({ source }: Field) => (relaxed ? relaxedField(source) : source);
  const covered = signed.flatMap((name) => {
    const field = left.get(name)?.pop();
    return field === undefined ? [] : [`${canonical(field)}\r\n`];
  });
  const own = { ...signature, source: signature.source.replace(/(^|[;:\s])(b\s*=)[^;]*/, '$1$2') };
  return covered.join('') + canonical(own);
}

function relaxedField(source: string): string {
  const at = source.indexOf(':');
  const value = source
    .slice(at + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${source.slice(0, at).trim().toLowerCase()}:${value}`;
}

function relaxedBody(body: string): string {
  return withoutEmptyEnd(body.replace(/[ \t]+\r\n/g, '\r\n').replace(/[ \t]+/g, ' '), '');
}

function simpleBody(body: string): string {
  return withoutEmptyEnd(body, '\r\n');
}

function withoutEmptyEnd(body: string, whenEmpty: string): string {
  const end = body.replace(/(?:\r\n)+$/, '');
  return end === '' ? whenEmpty : `${end}\r\n`;
}

function tagsOf(value: string): Map<string, string> {
  const tags = value.split(';').map((one): [string, string] => {
    const at = one.indexOf('=');
    return [one.slice(0, Math.max(at, 0)).trim(), one.slice(at + 1).replace(/\s+/g, '')];
  });
  return new Map(tags.filter(([name]) => name !== ''));
}
