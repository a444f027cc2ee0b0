import type { VendorReply } from '../../src/connector/connector.js';

const junk: readonly unknown[] = [
  null,
  undefined,
  '',
  'x',
  0,
  -1,
  1e21,
  true,
  [],
  {},
  [[]],
  '2026-02-30',
  '<b>',
  '\u0000\u202e',
  'ü'.repeat(400),
  { a: { b: 1 } },
  [1, null, 'x'],
  '99999999999999999999',
];

/** One to three places of an answer changed at random: gone, junk, doubled, one instead of a list, another type. */
export function mutated(reply: VendorReply, next: () => number): VendorReply {
  let body: unknown = JSON.parse(reply.text);
  for (let times = Math.floor(next() * 3); times >= 0; times--) body = changed(body, next, 0);
  return { ...reply, text: JSON.stringify(body ?? null) };
}

function changed(value: unknown, next: () => number, depth: number): unknown {
  const entries: [string, unknown][] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0 || next() < 0.06 * depth) return other(value, next);
  const [key, inner] = entries[Math.floor(next() * entries.length)]!;
  if (Array.isArray(value))
    return (value as unknown[]).map((item, at) => (String(at) === key ? changed(item, next, depth + 1) : item));
  return { ...(value as object), [key]: changed(inner, next, depth + 1) };
}

function other(value: unknown, next: () => number): unknown {
  const kind = next();
  if (kind < 0.2) return undefined;
  if (kind < 0.3) return [value, value];
  if (kind < 0.4 && Array.isArray(value)) return (value as unknown[])[0];
  if (kind < 0.45 && Array.isArray(value)) return some(value as unknown[], next);
  if (kind < 0.5) return typeof value === 'number' ? String(value) : Number(value);
  return junk[Math.floor(next() * junk.length)];
}

/** As a list comes when a server is confused: a part of it, twice, or from behind. */
function some(list: readonly unknown[], next: () => number): unknown[] {
  const kind = next();
  if (kind < 0.5) return list.filter(() => next() < 0.5);
  return kind < 0.75 ? [...list, ...list] : [...list].reverse();
}

/** Not even JSON any more, or with a status and headers that do not belong to it. */
export function broken(reply: VendorReply, next: () => number): VendorReply {
  const { text } = reply;
  const at = Math.floor(next() * text.length);
  const kind = next();
  if (kind < 0.25) return { ...reply, text: text.slice(0, at) };
  if (kind < 0.4) return { ...reply, text: `${text.slice(0, at)}${'\u0000}{"[,'[Math.floor(next() * 6)]}${text.slice(at + 1)}` };
  if (kind < 0.5) return { ...reply, text: '<html><body>busy</body></html>' };
  if (kind < 0.6) return { ...reply, text: '' };
  if (kind < 0.8) return { ...reply, status: [204, 302, 400, 401, 403, 404, 409, 422][Math.floor(next() * 8)]! };
  const total = String(['0', '1', '-5', '9e9', 'many', ''][Math.floor(next() * 6)]);
  return { ...reply, headers: new Headers({ 'x-total-count': total, link: '<?page_no=1>; rel="next"' }) };
}
