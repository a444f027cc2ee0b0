import { z } from 'zod';

/**
 * The same schema, but keys it does not know are refused instead of dropped, at every depth: whoever writes `nmae` should
 * hear of it. Contracts themselves stay lenient, so that an older service takes what a newer one sends.
 */
export function strictly<S extends z.ZodType>(schema: S): S {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the same shape, rebuilt layer by layer; zod's types cannot follow that
  return rebuild(schema) as S;
}

function rebuild(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) return strictObject(schema);
  if (schema instanceof z.ZodOptional) return schema.clone({ ...schema.def, innerType: rebuild(schema.def.innerType) });
  if (schema instanceof z.ZodNullable) return schema.clone({ ...schema.def, innerType: rebuild(schema.def.innerType) });
  if (schema instanceof z.ZodDefault) return schema.clone({ ...schema.def, innerType: rebuild(schema.def.innerType) });
  if (schema instanceof z.ZodArray) return schema.clone({ ...schema.def, element: rebuild(schema.def.element) });
  if (schema instanceof z.ZodUnion) return schema.clone({ ...schema.def, options: schema.def.options.map(rebuild) });
  if (schema instanceof z.ZodPipe) return schema.clone({ ...schema.def, in: rebuild(schema.def.in) });
  return schema;
}

function strictObject(schema: z.ZodObject<z.core.$ZodShape>): z.core.$ZodType {
  const shape = Object.fromEntries(Object.entries(schema.def.shape).map(([key, field]) => [key, rebuild(field)]));
  const { catchall } = schema.def;
  return schema.clone({ ...schema.def, shape, catchall: catchall && !(catchall instanceof z.ZodNever) ? catchall : z.never() });
}
