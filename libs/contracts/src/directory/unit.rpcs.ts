import { z } from 'zod';
import { defineRpc } from '../define.js';
import { BedroomId, PropertyId, UnitId } from '../ids.js';
import { PageQuery, pageOf, selectionOf } from '../words.js';
import { EditedVersion, Unit } from './words.js';

export const UnitFilter = z.object({
  propertyId: PropertyId.optional(),
  propertyIds: z.array(PropertyId).min(1).max(200).optional().describe('In one of these properties'),
  building: z.string().max(100).optional(),
  search: z.string().min(2).max(100).optional(),
  occupied: z.boolean().optional(),
  deletedUpstream: z.boolean().optional(),
  source: z.enum(['pms', 'staff']).optional(),
  number: z.string().trim().min(1).max(50).optional().describe('The beginning of the unit’s own number'),
  bedrooms: z.int().min(0).max(50).optional().describe('With so many bedrooms'),
});
export const unitSorts = [
  'name',
  '-name',
  'building',
  '-building',
  'number',
  '-number',
  'residents',
  '-residents',
  'syncLight',
  '-syncLight',
  'lastSyncedAt',
  '-lastSyncedAt',
] as const;
export const UnitSelection = selectionOf(UnitId, UnitFilter);
export const listUnits = defineRpc('directory.list-units', {
  does: 'query',
  input: PageQuery.extend({
    ...UnitFilter.shape,
    sort: z
      .enum(unitSorts)
      .default('name')
      .describe(
        '`-` from the other end. name: building, then number; building is the same. number: whatever the building. syncLight: what needs a look first. All but the first two are worked out when they are asked for, over 5,000 units at most: choose a property',
      ),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Unit),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe:
    'Units in the order people count them, 2 before 10; or by how many live there, by the light of the last sync or when that was.',
});
export const countUnits = defineRpc('directory.count-units', {
  does: 'query',
  input: UnitFilter,
  output: z.object({
    total: z.int(),
    facets: z
      .record(z.string(), z.record(z.string(), z.int()))
      .describe('Column → value → how many; each column counted without its own filter'),
  }),
  permission: 'residence.residence:view',
  describe: 'The exact total of a filter of units, and how many there are of each building, source and kind.',
  timeoutMs: 5000,
});
export const resolveUnits = defineRpc('directory.resolve-units', {
  does: 'query',
  input: PageQuery.extend({ selection: UnitSelection, limit: z.int().min(1).max(1000).default(500) }),
  output: z.object({
    items: z.array(
      z.object({
        id: UnitId,
        propertyId: PropertyId,
        upstreamId: z.string().nullable(),
        residents: z.array(z.string()).optional().describe('Upstream ids of who lives there or will'),
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Which units a selection is now.',
  timeoutMs: 5000,
});
export const getUnit = defineRpc('directory.get-unit', {
  does: 'query',
  input: z.object({ unitId: UnitId }),
  output: Unit,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One unit.',
});
export const createUnit = defineRpc('directory.create-unit', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    building: z.string().trim().max(100).nullable().default(null),
    number: z.string().trim().min(1).max(50),
    bedrooms: z.array(z.string().trim().min(1).max(50)).max(50).default([]),
  }),
  output: Unit,
  errors: ['not-found', 'unit.exists', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Add a unit by hand; the PMS links to it later by building and number.',
});
export const updateUnit = defineRpc('directory.update-unit', {
  does: 'command',
  input: z.object({
    unitId: UnitId,
    building: z.string().trim().max(100).nullable().optional(),
    number: z.string().trim().min(1).max(50).optional(),
    addBedrooms: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
    removeBedrooms: z.array(BedroomId).max(50).optional(),
    reset: z
      .array(z.enum(['name']))
      .max(1)
      .optional()
      .describe('It is called again what the PMS calls it'),
    version: EditedVersion,
  }),
  output: Unit,
  errors: ['not-found', 'conflict.version', 'unit.exists', 'unit.occupied', 'unit.from-pms'],
  permission: 'residence.residence:full',
  describe: 'Rename a unit or change its bedrooms. The name stays over later syncs, until it is reset.',
});
export const removeUnits = defineRpc('directory.remove-units', {
  does: 'command',
  input: z.object({ ids: z.array(UnitId).min(1).max(200) }),
  output: z.object({ removed: z.array(UnitId), kept: z.array(z.object({ unitId: UnitId, reason: z.string() })) }),
  permission: 'residence.residence:full',
  describe: 'Remove units for good; one where somebody lives or has access is kept.',
});
