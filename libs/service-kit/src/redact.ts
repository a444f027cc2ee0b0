import { types } from 'node:util';
import { isError } from './is-error.js';
import { isHarmless, isSecretName, isTypedCode } from './secret-names.js';
import { blot, namesASecret, redactText } from './redact-text.js';

const deepest = 8;
const widest = 100;

/**
 * A plain copy of anything, fit for a log: secrets blotted out under telling names and within texts, at any depth, in
 * arrays, maps, errors with their details and causes; no cycles, no getters that throw, nothing endless.
 */
export function redact(value: unknown, hidden: readonly string[] = []): unknown {
  return copy(value, { hidden, above: [] });
}

interface Walk {
  readonly hidden: readonly string[];
  /** The objects we are inside of, to find cycles. */
  readonly above: readonly object[];
}

function copy(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value, walk.hidden);
    case 'bigint':
      return value.toString();
    case 'symbol':
      return redactText(value.toString(), walk.hidden);
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? null : copyObject(value, walk);
    default:
      return value;
  }
}

function copyObject(value: object, { hidden, above }: Walk): unknown {
  if (above.includes(value)) return '[circular]';
  if (above.length >= deepest) return '[deeper]';
  const walk = { hidden, above: [...above, value] };
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return copyList(value, walk);
  if (types.isMap(value) || value instanceof Headers || value instanceof URLSearchParams) return copyEntries([...value], walk);
  if (types.isSet(value)) return copyList([...value], walk);
  try {
    if (isError(value)) return copyError(value, walk);
    if (hasToJson(value)) return copy(value.toJSON(), walk);
    return copyEntries(Object.entries(value), walk);
  } catch (error) {
    return `[unreadable: ${redactText(String(error), hidden)}]`;
  }
}

/** The name first and the stack last, as they are read. */
function copyError(error: Error, walk: Walk): unknown {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause', 'errors'].includes(key));
  const inner = [
    ...('errors' in error ? [['errors', error.errors] as const] : []),
    ...(cause === undefined ? [] : [['cause', cause] as const]),
  ];
  return copyEntries([['name', name], ['message', message], ...own, ['stack', stack], ...inner], walk);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** A list may hold names and values in turn, as raw HTTP headers do. */
function copyList(list: readonly unknown[], walk: Walk): unknown[] {
  const out = list.slice(0, widest).map((item, at) => {
    const before = list[at - 1];
    return typeof before === 'string' && namesASecret(before) && typeof item === 'string' ? blot : copy(item, walk);
  });
  if (list.length > widest) out.push(`… ${list.length - widest} more`);
  return out;
}

const nameKeys = new Set(['name', 'key', 'field', 'header', 'path', 'param', 'property', 'variable']);

function copyEntries(entries: readonly (readonly [unknown, unknown])[], walk: Walk): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  // {name: 'password', value: '…'}: the name is one field, the secret another
  const namedElsewhere = entries.some(
    ([key, value]) => nameKeys.has(String(key)) && typeof value === 'string' && namesASecret(value),
  );
  for (const [key, value] of entries.slice(0, widest)) {
    const name = typeof key === 'string' ? key : String(copy(key, walk));
    const isSecret =
      (isSecretName(name) && !isHarmless(name, value)) ||
      isTypedCode(name, value) ||
      (namedElsewhere && /^(value|values|input|received|content|data)$/.test(name));
    set(out, redactText(name, walk.hidden), isSecret ? blot : copy(value, walk));
  }
  if (entries.length > widest) out['…'] = `${entries.length - widest} more`;
  return out;
}

/** Also for a key named `__proto__`. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
