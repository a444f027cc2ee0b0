import type { Log } from '@leasewire/messaging';
import { z } from 'zod';
import type { CollectionDef, SystemDoc } from './collection.js';
import { isSealed } from '../secrets/secret-box.js';
import { valueAt, valuesAt } from './places.js';

/** Between a document and its schema: what is written must fit, what is read is trusted. */
export class DocumentShape<D extends SystemDoc> {
  readonly #defaults: readonly [string, z.core.$ZodType][];
  readonly #nullable = new Map<string, boolean>();

  constructor(
    private readonly def: CollectionDef,
    /** Where to report stored documents that do not fit; without it they are not looked at. */
    private readonly misfits?: Log,
  ) {
    this.#defaults = Object.entries(fieldsOf(def.schema)).filter(([, field]) => z.safeParse(field, undefined).data !== undefined);
  }

  /** A new document: defaults filled in, what the schema does not know left out. */
  create(doc: object): D & Record<string, unknown> {
    return this.#storable(trusted<D>(this.#fitting(doc)));
  }

  /**
   * As it is stored: itself, not the parsed copy. A newer replica may have written fields that this one does not know,
   * and they must survive its saves.
   */
  write(doc: D): D & Record<string, unknown> {
    this.#fitting(doc);
    return this.#storable(doc);
  }

  read(row: object): D {
    const doc = trusted<D>(this.#withDefaults(row));
    if (this.misfits) {
      const problems = this.def.schema.safeParse(doc).error?.issues;
      if (problems)
        this.misfits.error(
          { collection: this.def.name, id: doc._id, problems },
          'a stored document does not fit its schema; migrate it or widen the schema',
        );
    }
    return doc;
  }

  /** A document of which only some fields were asked for. */
  readPart(row: object, fields: readonly string[]): D {
    return trusted<D>(this.#withDefaults(row, fields));
  }

  /** May this field be null or missing? Then a descending page has to look for those after the last value. */
  readonly nullable = (path: string): boolean => {
    const known = this.#nullable.get(path);
    if (known !== undefined) return known;
    const answer = mayBeMissing(this.def.schema, path.split('.'));
    this.#nullable.set(path, answer);
    return answer;
  };

  #fitting(doc: object): object {
    const result = this.def.schema.safeParse(doc);
    if (result.success) return result.data;
    throw new TypeError(`A document does not fit ${this.def.name}: ${z.prettifyError(result.error)}`, { cause: result.error });
  }

  #storable(doc: D): D & Record<string, unknown> {
    const { name, sealed } = this.def;
    for (const path of sealed)
      if (!valuesAt(doc, path).every(isSealed))
        throw new TypeError(`${name}.${path} is declared sealed; seal it with the SecretBox before it is stored`);
    return { ...doc };
  }

  /** A field that was added with a default is not yet in older documents. */
  #withDefaults(row: object, fields?: readonly string[]): object {
    let doc = row;
    for (const [field, schema] of this.#defaults)
      if (valueAt(row, field) === undefined && fields?.includes(field) !== false)
        doc = { ...doc, [field]: z.parse(schema, undefined) };
    return doc;
  }
}

function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function mayBeMissing(schema: z.core.$ZodType, path: readonly string[]): boolean {
  const [step = '', ...rest] = path;
  const field = fieldsOf(schema)[step];
  if (field === undefined || z.safeParse(field, undefined).success || z.safeParse(field, null).success) return true;
  return rest.length > 0 && mayBeMissing(field, rest);
}

/**
 * The one place where what the driver gives becomes what the schema says. Everything was compared with the schema when it
 * was written; comparing it again at every read would cost more than the read.
 */
function trusted<D>(doc: object): D {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- see above
  return doc as D;
}
