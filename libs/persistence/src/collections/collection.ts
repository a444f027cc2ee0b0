import { createHash } from 'node:crypto';
import { OrgId } from '@leasewire/contracts';
import type { CollationOptions, Document } from 'mongodb';
import { z } from 'zod';

/** Every document has these. `version` counts its saves and guards against lost updates. */
export const systemDoc = z.object({
  _id: z.string(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
/** The base of every document that belongs to an organization: all but a few. */
export const tenantDoc = systemDoc.extend({ orgId: OrgId });
export type SystemDoc = z.output<typeof systemDoc>;
export type TenantDoc = z.output<typeof tenantDoc>;

export interface IndexSpec {
  readonly keys: Readonly<Record<string, 1 | -1 | 'text'>>;
  readonly unique?: boolean;
  /** Only documents that match are in the index. */
  readonly partial?: Document;
  /** Documents disappear this long after the date in the (only) key. */
  readonly expireAfterSeconds?: number;
  readonly collation?: CollationOptions;
  /** What to say when a unique index refuses a document. */
  readonly onDuplicate?: { readonly code: string; readonly message: string };
}

export type Scope = 'org' | 'system';

export interface CollectionDef<S extends z.ZodObject = z.ZodObject, P extends Scope = Scope> {
  readonly name: string;
  readonly schema: S;
  readonly scope: P;
  readonly indexes: readonly IndexSpec[];
  /** Dotted paths that hold strings of the SecretBox; arrays on the way are walked. */
  readonly sealed: readonly string[];
}

export type DocOf<Def extends CollectionDef> = z.output<Def['schema']>;

export interface CollectionAbout<P extends Scope> {
  /** `org`: every document belongs to one organization. `system`: the few that do not. */
  readonly scope: P;
  readonly indexes?: readonly IndexSpec[];
  readonly sealed?: readonly string[];
}

type Fitting<S extends z.ZodObject, Base> = z.output<S> extends Base ? unknown : { 'the schema must extend': Base };

/** Declares a collection of a service. Its schema extends `tenantDoc`, or `systemDoc` for the scope `system`. */
export function defineCollection<S extends z.ZodObject>(
  name: string,
  schema: S & Fitting<S, TenantDoc>,
  about: CollectionAbout<'org'>,
): CollectionDef<S, 'org'>;
export function defineCollection<S extends z.ZodObject>(
  name: string,
  schema: S & Fitting<S, SystemDoc>,
  about: CollectionAbout<'system'>,
): CollectionDef<S, 'system'>;
export function defineCollection<S extends z.ZodObject>(
  name: string,
  schema: S,
  about: CollectionAbout<Scope>,
): CollectionDef<S> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`“${name}” must be lower-case words joined by _ to name a collection`);
  const { scope, indexes = [], sealed = [] } = about;
  for (const { partial = {} } of indexes) refuseUnusable(name, partial);
  return Object.freeze({ name, schema, scope, indexes, sealed });
}

/** For a partial index over what may be null, and for asking for all that is in one: equality with a text is known to be within. */
export const anyText = { $gte: '' } as const;

/** MongoDB takes a partial index only where it sees that what is asked for is in it, and from a type it sees nothing. */
function refuseUnusable(name: string, partial: Readonly<Record<string, unknown>>): void {
  for (const [field, condition] of Object.entries(partial)) {
    const isOfType = typeof condition === 'object' && condition !== null && '$type' in condition && condition.$type !== 'null';
    if (isOfType || /\.\d+$/.test(field))
      throw new Error(`An index of ${name} over ${field} by its type is never used for a value of it; say { ${field}: anyText }`);
  }
}

/** The name holds everything that cannot be changed in place, so that a changed declaration is another index. */
export function indexName(spec: IndexSpec): string {
  const keys = Object.entries(spec.keys).flat().join('_');
  const options = [spec.unique ?? false, spec.partial ?? null, spec.collation ?? null];
  if (JSON.stringify(options) === '[false,null,null]') return keys;
  return `${keys}__${createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 6)}`;
}
