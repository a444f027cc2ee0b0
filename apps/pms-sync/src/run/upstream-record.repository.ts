import { PropertyId, ResidentId, UpstreamPerson, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { OnlyRow } from '../connector/connector.js';

/** What directory was last told of one person. A sweep that finds them unchanged reads it and writes nothing. */
export const upstreamRecordDef = defineCollection(
  'upstream_records',
  tenantDoc.extend({
    propertyId: PropertyId,
    upstreamId: z.string(),
    hash: z.string().describe('Of what was told; empty while it is being told'),
    /** Why they were left out; null: directory took them. */
    skipped: z
      .discriminatedUnion('by', [
        z.object({ by: z.literal('policy'), code: z.string(), message: z.string() }),
        z.object({ by: z.literal('directory'), code: z.string(), message: z.string(), basis: z.string() }),
      ])
      .nullable(),
    fetchedAt: z.date(),
    row: z
      .object({
        reading: z.string(),
        hash: z.union([z.string(), z.number()]).describe('A number in older records'),
        id: z.string().optional(),
        names: z.number().optional().describe('How many people it names'),
      })
      .nullish()
      .describe('The one row of the PMS that this was read from, and how it was read; none: several rows, or not by a sweep'),
    residentId: ResidentId.nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    traits: z
      .object({ role: UpstreamPerson.shape.role, hasEmail: z.boolean(), lives: z.boolean() })
      .optional()
      .describe('What policies ask; absent in older records'),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, propertyId: 1, upstreamId: 1 }, unique: true },
      { keys: { orgId: 1, residentId: 1 } },
      { keys: { orgId: 1, propertyId: 1, 'skipped.code': 1 }, partial: { 'skipped.code': { $exists: true } } },
    ],
  },
);
export type UpstreamRecordDoc = DocOf<typeof upstreamRecordDef>;

/** Of somebody who is known by one row, all that says whether they would be told again. */
export interface KnownRecord extends Pick<UpstreamRecordDoc, 'upstreamId' | 'hash' | 'skipped' | 'traits'> {
  readonly residentId: string | null;
  readonly row: OnlyRow;
}

/** In one answer each field is a list of so many: as documents of their own they cost twenty times as much to take in. */
const inOneAnswer = 10_000;
const Ids = z.object({ upstreamId: z.array(z.string()) });
const { skipped } = upstreamRecordDef.schema.shape;
const KnownLists = Ids.extend({
  hash: z.array(z.string()),
  skipped: z.array(skipped),
  residentId: z.array(z.string().nullable()),
  role: z.array(UpstreamPerson.shape.role.nullable()),
  hasEmail: z.array(z.boolean().nullable()),
  lives: z.array(z.boolean().nullable()),
  rowHash: z.array(z.string()),
  rowId: z.array(z.string()),
  rowNames: z.array(z.number()),
});
const knownFields: Record<keyof z.infer<typeof KnownLists>, string> = {
  ...{ upstreamId: 'upstreamId', hash: 'hash', skipped: 'skipped', residentId: 'residentId' },
  ...{ role: 'traits.role', hasEmail: 'traits.hasEmail', lives: 'traits.lives' },
  ...{ rowHash: 'row.hash', rowId: 'row.id', rowNames: 'row.names' },
};

@Injectable()
export class UpstreamRecordRepository extends TenantRepository<typeof upstreamRecordDef> {
  constructor(db: Database) {
    super(db, upstreamRecordDef);
  }

  async of(orgId: OrgId, propertyId: PropertyId, upstreamIds: readonly string[]): Promise<Map<string, UpstreamRecordDoc>> {
    const found = await this.find({ orgId, propertyId, upstreamId: { $in: [...upstreamIds] } });
    return new Map(found.map((record) => [record.upstreamId, record]));
  }

  /** The ids of all of a property, in order. */
  async *idsOf(orgId: OrgId, propertyId: PropertyId, size = inOneAnswer): AsyncGenerator<string[]> {
    for await (const { upstreamId } of this.#lists({ orgId, propertyId }, Ids, { upstreamId: 'upstreamId' }, size))
      yield upstreamId;
  }

  /** All whose only row was read so. */
  async *readBy(orgId: OrgId, propertyId: PropertyId, reading: string, size = inOneAnswer): AsyncGenerator<KnownRecord[]> {
    for await (const lists of this.#lists({ orgId, propertyId, 'row.reading': reading }, KnownLists, knownFields, size))
      yield lists.upstreamId.flatMap((upstreamId, at) => knownRecord(upstreamId, lists, at) ?? []);
  }

  async *#lists<T extends z.infer<typeof Ids>>(
    of: { orgId: OrgId; propertyId: PropertyId; 'row.reading'?: string },
    schema: z.ZodType<T>,
    fields: Readonly<Record<string, string>>,
    size: number,
  ): AsyncGenerator<T> {
    // a list leaves out what is missing
    const lists: Record<string, object> = {};
    for (const [name, path] of Object.entries(fields)) lists[name] = { $push: { $ifNull: [`$${path}`, null] } };
    const stages = [{ $sort: { upstreamId: 1 } }, { $limit: size }, { $group: { _id: null, ...lists } }];
    for (let after: string | undefined = ''; after !== undefined;) {
      const [answer] = await this.aggregate({ ...of, upstreamId: { $gt: after } }, stages);
      if (!answer) return;
      const found = schema.parse(answer);
      yield found;
      after = found.upstreamId.length < size ? undefined : found.upstreamId.at(-1);
    }
  }

  /** Who of them lives, or will, in one of these other properties: of each the newest word. */
  livingIn(orgId: OrgId, propertyIds: readonly PropertyId[], upstreamIds: readonly string[]): Promise<UpstreamRecordDoc[]> {
    const there = { propertyId: { $in: [...propertyIds] }, upstreamId: { $in: [...upstreamIds] } };
    return this.find({ orgId, ...there, 'traits.lives': true }, { sort: { fetchedAt: 1 } });
  }
}

function knownRecord(upstreamId: string, lists: z.infer<typeof KnownLists>, at: number): KnownRecord | null {
  const [hash, role, hasEmail, lives] = [lists.hash[at], lists.role[at], lists.hasEmail[at], lists.lives[at]];
  const row = { hash: lists.rowHash[at], id: lists.rowId[at], names: lists.rowNames[at] };
  if (hash === undefined || row.hash === undefined || row.id === undefined || row.names === undefined) return null;
  const traits = role && typeof hasEmail === 'boolean' && typeof lives === 'boolean' ? { role, hasEmail, lives } : undefined;
  const [skipped, residentId] = [lists.skipped[at] ?? null, lists.residentId[at] ?? null];
  return { upstreamId, hash, skipped, residentId, traits, row: { hash: row.hash, id: row.id, names: row.names } };
}

/** The units of a property as directory was last told, and those that it was not told are gone. */
export const upstreamUnitsDef = defineCollection(
  'upstream_units',
  tenantDoc.extend({
    _id: PropertyId,
    hash: z.string(),
    units: z.array(z.object({ upstreamId: z.string(), name: z.string() })),
  }),
  { scope: 'org' },
);
@Injectable()
export class UpstreamUnitsRepository extends TenantRepository<typeof upstreamUnitsDef> {
  constructor(db: Database) {
    super(db, upstreamUnitsDef);
  }
}
