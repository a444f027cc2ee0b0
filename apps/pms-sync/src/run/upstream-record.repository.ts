import { PropertyId, ResidentId, UpstreamPerson, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

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
    indexes: [{ keys: { orgId: 1, propertyId: 1, upstreamId: 1 }, unique: true }, { keys: { orgId: 1, residentId: 1 } }],
  },
);
export type UpstreamRecordDoc = DocOf<typeof upstreamRecordDef>;

@Injectable()
export class UpstreamRecordRepository extends TenantRepository<typeof upstreamRecordDef> {
  constructor(db: Database) {
    super(db, upstreamRecordDef);
  }

  async of(orgId: OrgId, propertyId: PropertyId, upstreamIds: readonly string[]): Promise<Map<string, UpstreamRecordDoc>> {
    const found = await this.find({ orgId, propertyId, upstreamId: { $in: [...upstreamIds] } });
    return new Map(found.map((record) => [record.upstreamId, record]));
  }

  /** Who of them lives, or will, in one of these other properties: of each the newest word. */
  livingIn(orgId: OrgId, propertyIds: readonly PropertyId[], upstreamIds: readonly string[]): Promise<UpstreamRecordDoc[]> {
    const there = { propertyId: { $in: [...propertyIds] }, upstreamId: { $in: [...upstreamIds] } };
    return this.find({ orgId, ...there, 'traits.lives': true }, { sort: { fetchedAt: 1 } });
  }
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
