import type { OrgId } from '@leasewire/contracts';
import { Database, defineCollection, tenantDoc, TenantRepository, type DocOf, type New, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const statesDef = defineCollection(
  'states',
  tenantDoc.extend({
    epoch: z.int(),
    entityVersion: z.int(),
    /** Its fields and how they came to be so, taken apart like an entry. */
    content: z.string(),
    personal: z.array(z.object({ person: z.string(), box: z.string(), digest: z.string() })),
    /** For things without a name: nobody refers to them, and many come and go. */
    expiresAt: z.date().nullable(),
  }),
  { scope: 'org', indexes: [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] },
);
export type StateDoc = DocOf<typeof statesDef>;
export type NewState = Pick<StateDoc, 'epoch' | 'entityVersion' | 'content' | 'personal' | 'expiresAt'>;

/** The last that was heard of each thing, to tell what changed and what it is called. */
@Injectable()
export class StateRepository {
  readonly #rows: TenantRepository<typeof statesDef>;

  constructor(db: Database) {
    this.#rows = new TenantRepository(db, statesDef);
  }

  async find(tx: Tx, orgId: OrgId, ids: readonly string[]): Promise<Map<string, StateDoc>> {
    const rows = await this.#rows.find({ orgId, _id: { $in: ids.map((id) => keyOf(orgId, id)) } }, { tx });
    return new Map(rows.map((row) => [row._id.slice(orgId.length + 1), row]));
  }

  /** `found` is what `find` gave in the same transaction. */
  async put(tx: Tx, orgId: OrgId, states: ReadonlyMap<string, NewState>, found: ReadonlyMap<string, StateDoc>): Promise<void> {
    const fresh: New<StateDoc>[] = [];
    const known: StateDoc[] = [];
    for (const [id, state] of states) {
      const doc = found.get(id);
      if (doc) known.push({ ...doc, ...state });
      else fresh.push({ _id: keyOf(orgId, id), orgId, ...state });
    }
    await this.#rows.insertMany(tx, fresh);
    await this.#rows.saveMany(tx, known);
  }
}

const keyOf = (orgId: OrgId, id: string): string => `${orgId}/${id}`;
