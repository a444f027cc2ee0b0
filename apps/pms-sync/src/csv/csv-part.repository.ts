import { CsvImportId, CsvProblem, MissingPerson, UpstreamPerson, UpstreamUnit, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, SecretBox, TenantRepository, tenantDoc, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const KindName = z.enum(['upload', 'person', 'unit', 'missing', 'failed']);

/** One kind of thing that is kept of a file: its bytes until it is checked, then what was found in it. */
export interface PartKind<T> {
  readonly name: z.output<typeof KindName>;
  readonly items: z.ZodType<T[]>;
}
export const uploads: PartKind<string> = { name: 'upload', items: z.array(z.base64()) };
export const people: PartKind<UpstreamPerson> = { name: 'person', items: z.array(UpstreamPerson) };
export const units: PartKind<UpstreamUnit> = { name: 'unit', items: z.array(UpstreamUnit) };
export const missing: PartKind<z.output<typeof MissingPerson>> = { name: 'missing', items: z.array(MissingPerson) };
const Failed = z.object({ row: z.int(), cells: z.array(z.string()), problems: z.array(CsvProblem) });
export const failed: PartKind<z.output<typeof Failed>> = { name: 'failed', items: z.array(Failed) };

export const csvPartDef = defineCollection(
  'csv_parts',
  tenantDoc.extend({
    importId: CsvImportId,
    kind: KindName,
    at: z.int().describe('Its place among those of its kind'),
    content: z.string().describe('Sealed JSON, a list: it holds names and addresses'),
    expiresAt: z.date(),
  }),
  {
    scope: 'org',
    sealed: ['content'],
    indexes: [
      { keys: { orgId: 1, importId: 1, kind: 1, at: 1 }, unique: true },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
interface OfImport {
  readonly orgId: OrgId;
  readonly _id: CsvImportId;
}

/** Longer than the file is kept by its own row, which deletes it: this is for what a fault left behind. */
const graceMs = 86_400_000;

@Injectable()
export class CsvPartRepository {
  readonly #parts: TenantRepository<typeof csvPartDef>;

  constructor(
    db: Database,
    private readonly box: SecretBox,
  ) {
    this.#parts = new TenantRepository(db, csvPartDef);
  }

  async put<T>(tx: Tx, of: OfImport & { readonly expiresAt: Date }, kind: PartKind<T>, at: number, items: readonly T[]) {
    const { orgId, _id: importId } = of;
    const content = this.box.seal(JSON.stringify(items), placeOf(orgId));
    const expiresAt = new Date(of.expiresAt.getTime() + graceMs);
    await this.#parts.insert(tx, { _id: idOf(of, kind, at), orgId, importId, kind: kind.name, at, content, expiresAt });
  }

  /** null: there is no such part. */
  async get<T>(of: OfImport, kind: PartKind<T>, at: number): Promise<T[] | null> {
    const part = await this.#parts.findOne({ orgId: of.orgId, _id: idOf(of, kind, at) });
    return part && kind.items.parse(JSON.parse(this.box.open(part.content, placeOf(of.orgId))));
  }

  async *all<T>(of: OfImport, kind: PartKind<T>): AsyncGenerator<T[]> {
    for (let at = 0; ; at++) {
      const items = await this.get(of, kind, at);
      if (items === null) return;
      yield items;
    }
  }

  count<T>({ orgId, _id: importId }: OfImport, { name: kind }: PartKind<T>): Promise<number> {
    return this.#parts.count({ orgId, importId, kind });
  }

  remove(tx: Tx, { orgId, _id: importId }: OfImport, what: 'all' | 'upload' | 'found'): Promise<number> {
    const kind = what === 'all' ? {} : { kind: what === 'upload' ? ('upload' as const) : { $ne: 'upload' as const } };
    return this.#parts.removeMany(tx, { orgId, importId, ...kind });
  }
}

const idOf = <T>({ _id }: OfImport, { name }: PartKind<T>, at: number): string => `${_id}/${name}/${at}`;
const placeOf = (orgId: OrgId) => ({ orgId, collection: csvPartDef.name, field: 'content' });
