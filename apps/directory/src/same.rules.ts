import { isDeepStrictEqual } from 'node:util';

/** Equal as it would be stored: without what is undefined, whatever the order of fields. */
export function isSame(a: unknown, b: unknown): boolean {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one === other || (a !== undefined && b !== undefined && isDeepStrictEqual(parsed(one), parsed(other)));
}
const parsed = (text: string): unknown => JSON.parse(text);
