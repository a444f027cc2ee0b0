import { z } from 'zod';
import { isList, isObject, type Json, type JsonObject, type SchemaBook } from './schema-book.js';

const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const moment = '2026-11-20T09:00:00.000Z';
/** What one gives as an end lies ahead. */
const ahead = '2030-11-20T09:00:00.000Z';

/** For fields of these names, where the schema lets them. */
const byName: Readonly<Record<string, Json>> = {
  email: 'ana@harbour.example',
  replyTo: 'office@harbour.example',
  name: 'Ana Reyes',
  organization: 'Harbour Living',
  actorName: 'Ana Reyes',
  timeZone: 'Australia/Brisbane',
  label: 'Staff',
  key: 'accounts.staff',
  password: 'correct horse battery staple',
  current: 'correct horse battery staple',
  code: '123456',
  expiresAt: ahead,
  token: 'dGhpcyBpcyBub3QgYSByZWFsIHRva2Vu',
  accessToken: 'eyJ0eXAiOiJhY2Nlc3MifQ.c2lnbmF0dXJl',
  url: 'https://leasewire.example.com/staff-link/dGhpcyBpcyBub3QgYSByZWFsIHRva2Vu',
  secret: 'JBSWY3DPEHPK3PXP',
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  prefix: 'lw_7f3k',
  type: 'identity.staff.invited.v1',
  source: '/leasewire/identity',
  what: 'Ana Reyes invited Ben Ito to the staff',
  entity: `stf_${body}`,
  subject: `stf_${body}`,
  correlationId: 'req_01jd3k8x9e7m2q4r5s6t7v8w9y',
  correlationid: 'req_01jd3k8x9e7m2q4r5s6t7v8w9y',
  hash: 'c0ffee00'.repeat(8),
  previousHash: 'decade00'.repeat(8),
  nextCursor: 'eyJhIjoxfQ',
  version: 3,
  entityversion: 3,
  total: 1,
  search: 'ana',
  text: 'ana reyes',
  message: 'Entry 17 is not what was recorded.',
  reason: 'archived',
  recoveryCodes: ['k4j2-9fmw-x7pt'],
};

/** Of every kind of id: its prefix is in its pattern. */
const idPattern = /^\^([a-z]+)_\[0-9a-hjkmnp-tv-z\]\{26\}\$$/;

/** Tried in turn where a pattern asks for something particular. */
const shaped: readonly string[] = [
  `job_audit_${body}`,
  '+61412345678',
  'AU',
  'welcome',
  '02:00',
  '2026-11-24T09:00',
  'Australia/Brisbane',
  `staff:stf_${body}`,
  'en-AU',
  '123456',
  'AUD',
  '/leasewire/identity',
];

const formats: Readonly<Record<string, string>> = {
  'date-time': moment,
  date: '2026-11-20',
  email: 'ana@harbour.example',
  uri: 'https://leasewire.example.com',
};

/** A value that fits a schema of the document, and looks like a real one. A test gives each to the contract to check. */
export function exampleOf(schema: JsonObject, book: SchemaBook, name = ''): Json {
  const known = book.resolve(schema);
  const said = known['example'] ?? known['default'] ?? known['const'];
  if (said !== undefined) return said;
  const { anyOf, oneOf, allOf, type } = known;
  if (isList(known['enum'])) return fromEnum(known['enum'], name);
  const choice = [...objects(anyOf), ...objects(oneOf)].find((option) => option['type'] !== 'null') ?? objects(allOf)[0];
  if (choice) return exampleOf(choice, book, name);
  switch (isList(type) ? type[0] : type) {
    case 'string':
      return text(known, name);
    case 'integer':
    case 'number':
      return number(known, name);
    case 'boolean':
      return false;
    case 'array':
      return list(known, book, name);
    case 'object':
      return object(known, book);
    default:
      return byName[name] ?? {};
  }
}

function fromEnum(values: readonly Json[], name: string): Json {
  const hinted = byName[name];
  return hinted !== undefined && values.includes(hinted) ? hinted : (values.find((value) => value !== 'none') ?? null);
}

function text({ format, pattern, minLength, maxLength }: JsonObject, name: string): string {
  if (typeof format === 'string' && formats[format] !== undefined) return formats[format];
  const hinted = byName[name];
  if (typeof pattern === 'string') {
    const matches = new RegExp(pattern, 'u');
    const [, prefix] = idPattern.exec(pattern) ?? [];
    const candidates = [typeof hinted === 'string' ? hinted : '', `${prefix ?? ''}_${body}`, ...shaped];
    // A test finds a pattern without an example; the document itself must not fail for one.
    return candidates.find((candidate) => matches.test(candidate)) ?? 'text';
  }
  const plain = typeof hinted === 'string' ? hinted : 'text';
  const long = plain.padEnd(typeof minLength === 'number' ? minLength : 0, '.');
  return long.slice(0, typeof maxLength === 'number' ? maxLength : undefined);
}

function number({ minimum, exclusiveMinimum }: JsonObject, name: string): number {
  const hinted = byName[name];
  const least = typeof minimum === 'number' ? minimum : typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : 1;
  return typeof hinted === 'number' && hinted >= least ? hinted : Math.max(least, 1);
}

function list({ items }: JsonObject, book: SchemaBook, name: string): Json {
  const hinted = byName[name];
  if (isList(hinted)) return hinted;
  return isObject(items) ? [exampleOf(items, book, name.replace(/s$/, ''))] : [];
}

function object({ properties, additionalProperties, propertyNames }: JsonObject, book: SchemaBook): Json {
  if (isObject(properties))
    return Object.fromEntries(
      Object.entries(properties).flatMap(([key, part]) => (isObject(part) ? [[key, exampleOf(part, book, key)] as const] : [])),
    );
  const key = isObject(propertyNames) && isList(propertyNames['enum']) ? propertyNames['enum'][1] : undefined;
  if (typeof key !== 'string' || !isObject(additionalProperties)) return {};
  return { [key]: exampleOf(additionalProperties, book) };
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter((item) => isObject(item)) : [];
}

/** Of a body of these fields: what the contract gives as an example, where its fields depend on each other; else made of their schemas. */
export function bodyExampleOf(input: z.ZodObject, names: readonly string[], book: SchemaBook): Json {
  const picked = (from: object) => Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
  const given = z.record(z.string(), z.json()).safeParse(input.meta()?.['example']);
  return given.success ? picked(given.data) : exampleOf(book.input(z.object(picked(input.shape))), book);
}
