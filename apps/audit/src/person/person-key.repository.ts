import { randomBytes } from 'node:crypto';
import type { OrgId } from '@leasewire/contracts';
import {
  defineCollection,
  Due,
  dueAt,
  dueIndexes,
  SecretBox,
  tenantDoc,
  TenantRepository,
  Database,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { personKeyBytes, type PersonKey } from './sealed-values.rules.js';

export const personKeysDef = defineCollection(
  'person_keys',
  tenantDoc.extend({
    person: z.string(),
    /** Sealed; null once the person was erased. The row stays, so that nobody makes a new key. */
    key: z.string().nullable(),
    erasedAt: z.date().nullable(),
    /** When their words in the search are to be forgotten: after the erasure, a batch at a time. */
    due: Due.optional(),
  }),
  { scope: 'org', sealed: ['key'], indexes: dueIndexes },
);
export type PersonKeyDoc = DocOf<typeof personKeysDef>;

/**
 * One key for each person of an organization. They are never kept in memory: what is deleted here must be gone on every
 * replica at once.
 */
@Injectable()
export class PersonKeys {
  readonly rows: TenantRepository<typeof personKeysDef>;

  constructor(
    db: Database,
    private readonly box: SecretBox,
  ) {
    this.rows = new TenantRepository(db, personKeysDef);
  }

  /** Makes keys for those who have none yet. */
  async toSeal(tx: Tx, orgId: OrgId, people: readonly string[]): Promise<Map<string, PersonKey>> {
    const keys = await this.#find(orgId, people, tx);
    const missing = people.filter((person) => !keys.has(person));
    for (const person of missing) keys.set(person, randomBytes(personKeyBytes));
    const docs = missing.map((person) => {
      const key = keys.get(person)?.toString('base64') ?? '';
      return { _id: idOf(orgId, person), orgId, person, key: this.box.seal(key, placeOf(orgId)), erasedAt: null };
    });
    await this.rows.insertMany(tx, docs);
    return keys;
  }

  toOpen(orgId: OrgId, people: readonly string[]): Promise<Map<string, PersonKey>> {
    return this.#find(orgId, people);
  }

  /** False when they were erased before. Also those of whom nothing was recorded yet. */
  async erase(tx: Tx, orgId: OrgId, person: string): Promise<boolean> {
    const row = await this.rows.findOne({ orgId, _id: idOf(orgId, person) }, { tx });
    if (row?.erasedAt) return false;
    const erased = { _id: idOf(orgId, person), orgId, person, key: null, erasedAt: tx.now, due: dueAt(tx.now) };
    if (row) await this.rows.save(tx, { ...row, ...erased });
    else await this.rows.insert(tx, erased);
    return true;
  }

  async #find(orgId: OrgId, people: readonly string[], tx?: Tx): Promise<Map<string, PersonKey>> {
    if (people.length === 0) return new Map();
    const ids = people.map((person) => idOf(orgId, person));
    const rows = await this.rows.find({ orgId, _id: { $in: ids } }, tx ? { tx } : {});
    return new Map(rows.map((row) => [row.person, this.#open(row)]));
  }

  #open({ key, orgId }: PersonKeyDoc): PersonKey {
    return key === null ? null : Buffer.from(this.box.open(key, placeOf(orgId)), 'base64');
  }
}

const idOf = (orgId: OrgId, person: string): string => `${orgId}/${person}`;
const placeOf = (orgId: OrgId) => ({ orgId, collection: personKeysDef.name, field: 'key' });
