import { z } from 'zod';

/** How a variable is documented and told when it is wrong. */
export interface AboutVariable {
  readonly describe: string;
  /** Completes “it must be …”; left out, it is derived from the schema. */
  readonly mayBe?: string;
  /** Never printed, neither by logs nor by problems. */
  readonly secret?: boolean;
}

/** Put it outermost, around defaults and optionals: `variable(z.coerce.number().int().default(3), { describe: '…' })`. */
export function variable<S extends z.ZodType>(schema: S, about: AboutVariable): S {
  const { describe, ...rest } = about;
  return schema.meta({ description: describe, ...rest });
}

export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
export const port = () => wholeNumber(0, 65_535);
export const milliseconds = (min: number, max: number) => wholeNumber(min, max);
/** yes/no, true/false, on/off, 1/0 */
export const flag = () => z.stringbool();
/** `a,b,c` */
export const list = () =>
  z.string().transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])));
/** A JSON document that fits `schema`. */
export const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context) => {
      try {
        const parsed: unknown = JSON.parse(text);
        return parsed;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** The fields of an object schema; zod types them as `any`. */
export function fieldsOf(schema: z.ZodObject): ReadonlyMap<string, z.core.$ZodType> {
  return new Map(Object.entries<z.core.$ZodType>(schema.shape));
}

/** Defaults, optionals and pipes wrap a schema; what was said about it may sit on any layer. */
function layers(field: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = field._zod;
  if ('innerType' in def && def.innerType instanceof z.core.$ZodType) return [field, ...layers(def.innerType)];
  if (def.type === 'pipe' && 'in' in def && def.in instanceof z.core.$ZodType) return [field, ...layers(def.in)];
  return [field];
}

function said(field: z.core.$ZodType, key: 'description' | 'mayBe' | 'secret'): unknown {
  for (const layer of layers(field)) {
    const meta = z.globalRegistry.get(layer);
    if (meta?.[key] !== undefined) return meta[key];
  }
  return undefined;
}

export function isSecretField(field: z.core.$ZodType | undefined): boolean {
  return field !== undefined && said(field, 'secret') === true;
}

export function descriptionOf(field: z.core.$ZodType): string {
  const text = said(field, 'description');
  return typeof text === 'string' ? text : '';
}

/** What a value may be, in words: the declared ones, else from the schema. */
export function mayBe(field: z.core.$ZodType): string {
  const declared = said(field, 'mayBe');
  if (typeof declared === 'string') return declared;
  if (layers(field).some((layer) => layer._zod.def.type === 'pipe' && isFlag(layer))) return 'yes or no';
  return inWords(z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }));
}

function isFlag(field: z.core.$ZodType): boolean {
  return z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }).type === 'boolean';
}

function inWords(schema: z.core.JSONSchema.BaseSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'integer' || schema.type === 'number') {
    const kind = schema.type === 'integer' ? 'a whole number' : 'a number';
    const { minimum, maximum } = schema;
    if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
      return `${kind} from ${minimum} to ${maximum}`;
    return minimum === undefined ? kind : `${kind}, at least ${minimum}`;
  }
  if (schema.type === 'boolean') return 'yes or no';
  if (schema.type === 'array') return 'a list joined by commas';
  if (schema.type === 'object') return 'a JSON object';
  if (schema.format === 'uri') return 'a URL';
  return schema.pattern ? `text like ${schema.pattern}` : 'some text';
}
