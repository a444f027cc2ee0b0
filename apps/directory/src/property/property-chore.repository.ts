import { PropertyId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueAt,
  dueIndexes,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const Chore = z.enum(['reevaluate', 'archive-residents']);

/** What the residents of a property still have to go through. Beside the property, whose version is for those who edit it. */
export const propertyChoreDef = defineCollection(
  'property_chores',
  tenantDoc.extend({ _id: PropertyId, todo: z.array(Chore), due: Due.optional() }),
  { scope: 'org', indexes: dueIndexes },
);
export type PropertyChoreDoc = DocOf<typeof propertyChoreDef>;

@Injectable()
export class PropertyChoreRepository extends TenantRepository<typeof propertyChoreDef> {
  constructor(db: Database) {
    super(db, propertyChoreDef);
  }

  async add(tx: Tx, _id: PropertyId, chore: z.infer<typeof Chore>): Promise<void> {
    const { orgId } = tx;
    const known = await this.findOne({ orgId, _id }, { tx });
    const due = dueAt(tx.now);
    if (known) await this.save(tx, { ...known, todo: [...known.todo, chore], due });
    else await this.insert(tx, { _id, orgId, todo: [chore], due });
  }

  /** Those that were asked for meanwhile are left, and due. */
  async finish(tx: Tx, { orgId, _id, todo }: PropertyChoreDoc): Promise<void> {
    const now = await this.findOne({ orgId, _id }, { tx });
    const left = now?.todo.slice(todo.length) ?? [];
    if (now && left.length > 0) await this.save(tx, { ...now, todo: left });
    else await this.remove(tx, { orgId, _id });
  }
}
