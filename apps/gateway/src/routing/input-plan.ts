import { DomainError } from '@leasewire/contracts';
import { z } from 'zod';
import { invalid, invalidBy, withMore, type FieldProblem } from './problems-of-input.js';
import { kindOf, readQuery, type QueryKind } from './query.js';
import type { AnyObject, Route } from './route.js';
import { strictly } from './strict.js';

/** What a request brings, before it is looked at. */
export interface Brought {
  readonly params: Readonly<Record<string, string>>;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  readonly body: unknown;
}

/** Where each field of a route's input comes from: its path, its query, or its body. */
export interface InputSplit {
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** Filled from If-Match. */
  readonly header: string | undefined;
}

export function splitOf(route: Route): InputSplit {
  const path = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  const header = route.kind === 'rpc' ? route.ifMatch?.field : undefined;
  const known = Object.keys(route.input.shape);
  for (const name of header === undefined ? path : [...path, header])
    if (!known.includes(name)) throw new Error(`${route.method} ${route.path}: its input has no field “${name}”`);
  const fixed = route.kind === 'rpc' ? Object.keys(route.fixed ?? {}) : [];
  const rest = known.filter((name) => !path.includes(name) && name !== header && !fixed.includes(name));
  const inBody = takesFields(route) && (route.method === 'POST' || route.method === 'PUT' || route.method === 'PATCH');
  return { path, header, query: inBody ? [] : rest, body: inBody ? rest : [] };
}

/** Whether its body, where it has one, is made of fields and not of bytes. */
export const takesFields = (route: Route): boolean => route.kind === 'rpc' || route.body === 'json' || route.body === 'form';

/** Made once per route; `read` runs for every request. */
export class InputPlan {
  readonly #path: readonly string[];
  readonly #query: ReadonlyMap<string, QueryKind>;
  readonly #body: ReadonlySet<string>;
  /** Also fields that nobody knows yet, as a provider’s webhook may bring them; never one of the path. */
  readonly #open: boolean;
  readonly #header: string | undefined;
  readonly #schema: z.ZodObject;
  readonly #fixed: Readonly<Record<string, unknown>>;

  constructor(route: Route) {
    const split = splitOf(route);
    this.#path = split.path;
    this.#header = split.header;
    this.#query = new Map(split.query.map((name) => [name, kindOf(fieldOf(route.input, name))]));
    this.#body = new Set(split.body);
    const { catchall } = route.input.def;
    this.#open = catchall !== undefined && !(catchall instanceof z.ZodNever);
    this.#schema = strictly(route.input);
    this.#fixed = (route.kind === 'rpc' && route.fixed) || {};
  }

  /** Path, query and body as one object, in the words of the contract; values are as they came. */
  collect(brought: Brought): Record<string, unknown> {
    const input: Record<string, unknown> = { ...this.#fixed };
    const problems: FieldProblem[] = [];
    for (const name of this.#path) {
      const value = brought.params[name] ?? '';
      if (value === '') throw new DomainError('not-found', 'There is nothing at this address. The routes are listed at /docs.');
      if (value.includes('\0')) problems.push({ path: name, message: 'must not contain NUL' });
      input[name] = value;
    }
    if (brought.query !== '') problems.push(...readQuery(brought.query, this.#query, input));
    if (brought.body !== undefined) this.#takeBody(brought.body, input, problems);
    if (problems.length > 0) throw invalid(withMore(problems, this.#errorIn(input)));
    return input;
  }

  check(input: Record<string, unknown>): void {
    const result = this.#schema.safeParse(input);
    if (!result.success) throw invalidBy(result.error);
  }

  /** Whoever misspelt one field learns at once what else is wrong; what a header brings is not here yet. */
  #errorIn(input: Record<string, unknown>): z.ZodError | undefined {
    const { error } = this.#schema.safeParse(input);
    const issues = error?.issues.filter(({ path: [first] }) => first === undefined || first !== this.#header) ?? [];
    return error && new z.ZodError(issues);
  }

  #takeBody(body: unknown, input: Record<string, unknown>, problems: FieldProblem[]): void {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalid([{ path: '', message: 'the body must be a JSON object' }]);
    for (const [name, value] of Object.entries(body)) {
      if (this.#body.has(name) || (this.#open && !this.#path.includes(name))) input[name] = value;
      else problems.push({ path: name.slice(0, 60), message: 'is not a field of this operation' });
    }
  }
}

function fieldOf(schema: AnyObject, name: string): z.core.$ZodType {
  const field = schema.shape[name];
  if (!field) throw new Error(`no field “${name}”`);
  return field;
}
