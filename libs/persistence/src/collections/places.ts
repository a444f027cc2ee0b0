/** The own property of something of which nothing is known. */
export function valueAt(of: unknown, key: string): unknown {
  if (typeof of !== 'object' || of === null || !Object.hasOwn(of, key)) return undefined;
  const value: unknown = Reflect.get(of, key);
  return value;
}

/** What is at a dotted path; arrays on the way end it. */
export function valueAtPath(of: unknown, path: string): unknown {
  let value = of;
  for (const step of path.split('.')) value = valueAt(value, step);
  return value;
}

/** The values at a dotted path, through all arrays on the way; what is not there is left out. */
export function valuesAt(doc: object, path: string): unknown[] {
  return placesAt(doc, path).map(([, value]) => value);
}

/** The same with the exact path of each, array positions included: `devices.0.secret`. */
export function placesAt(doc: object, path: string): [string, unknown][] {
  let places: [string, unknown][] = [['', doc]];
  for (const step of path.split('.')) places = places.flatMap(([at, value]) => into(at, value, step));
  return places.flatMap(([at, value]) => (Array.isArray(value) ? elements(at, value) : [place(at, value)]));
}

function into(at: string, value: unknown, step: string): [string, unknown][] {
  if (Array.isArray(value)) return elements(at, value).flatMap(([inner, element]) => into(inner, element, step));
  const next = valueAt(value, step);
  return next === undefined || next === null ? [] : [place(at === '' ? step : `${at}.${step}`, next)];
}

const elements = (at: string, values: readonly unknown[]): [string, unknown][] =>
  values.map((value, n) => place(`${at}.${n}`, value));
const place = (at: string, value: unknown): [string, unknown] => [at, value];
