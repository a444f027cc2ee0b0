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
  if (kind < 0.5) return typeof value === 'number' ? String(value) : Number(value);
  return junk[Math.floor(next() * junk.length)];
}
