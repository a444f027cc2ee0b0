import { z } from 'zod';
import { bodyExampleOf, exampleOf } from '../openapi/examples.js';
import { isObject, SchemaBook, type Json } from '../openapi/schema-book.js';
import { splitOf, takesFields } from './input-plan.js';
import type { Access, Route } from './route.js';

/** A request that fits a route, made of its schema: for tests of every route × role × somebody else's ids. */
export interface RouteSample {
  readonly operationId: string;
  readonly method: string;
  /** The template: `/v1/staff/:staffId`. */
  readonly route: string;
  readonly access: Access;
  /** Filled with made-up ids, or with those that are given for `params`. */
  url(ids?: Readonly<Record<string, string>>): string;
  /** Names of what stands in the path. */
  readonly params: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly isCommand: boolean;
  /** The body is bytes, and no part of the input. */
  readonly isRaw: boolean;
  /** Answers with a stream that stays open. */
  readonly isStream: boolean;
}

export function routeSamples(routes: readonly Route[]): RouteSample[] {
  return routes.filter((route) => route.kind === 'rpc' || route.documented).map(sampleOf);
}

function sampleOf(route: Route): RouteSample {
  const book = new SchemaBook();
  const split = splitOf(route);
  const of = (name: string): Json => {
    const field = route.input.shape[name];
    return field instanceof z.ZodType ? exampleOf(book.input(field), book, name) : null;
  };
  const required = split.query.filter((name) => !parses(route, name));
  const query = new URLSearchParams(Object.fromEntries(required.map((name) => [name, text(of(name))]))).toString();
  const ifMatch = route.kind === 'rpc' && route.ifMatch?.required === true;
  const isCsv = route.kind === 'special' && route.body === 'csv';
  const type = isCsv ? 'text/csv' : split.body.length > 0 || !takesFields(route) ? 'application/json' : undefined;
  return {
    operationId: route.operationId,
    method: route.method,
    route: route.path,
    access: route.access,
    params: split.path,
    url: (ids = {}) =>
      route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? text(of(name)))) +
      (query === '' ? '' : `?${query}`),
    headers: { ...(type !== undefined && { 'content-type': type }), ...(ifMatch && { 'if-match': '*' }) },
    body: !takesFields(route) ? 'Name,Unit' : split.body.length === 0 ? undefined : bodyOf(route, split.body, book),
    isRaw: !takesFields(route),
    isCommand: route.kind === 'rpc' ? route.contract.does === 'command' : route.method !== 'GET',
    isStream: route.kind === 'special' && route.replies.some(({ type }) => type === 'text/event-stream'),
  };
}

function bodyOf(route: Route, names: readonly string[], book: SchemaBook): Json {
  const body = bodyExampleOf(route.input, names, book);
  return isObject(body) ? body : {};
}

function parses(route: Route, name: string): boolean {
  const field = route.input.shape[name];
  return field instanceof z.ZodType && field.safeParse(undefined).success;
}

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
