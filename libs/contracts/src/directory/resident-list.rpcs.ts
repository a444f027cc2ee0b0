import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId, PropertyId, ResidentId, UnitId } from '../ids.js';
import {
  AccountStatus,
  Instant,
  LeaseStatus,
  PageQuery,
  pageOf,
  ResidentState,
  selectionOf,
  UserType,
  WifiStatus,
} from '../words.js';
import { Issue, Resident } from './words.js';

const list = <T extends z.ZodType>(word: T) => z.array(word).min(1).max(20);
export const ResidentFilter = z.object({
  propertyId: PropertyId.optional(),
  unitId: UnitId.optional(),
  personId: PersonId.optional(),
  building: z.string().max(100).optional(),
  bedroom: z.string().max(50).optional(),
  search: z.string().min(2).max(100).optional().describe('Beginnings of words of name, e-mail, phone or unit'),
  state: list(ResidentState).optional(),
  userType: list(UserType).optional(),
  leaseStatus: list(LeaseStatus).optional(),
  accountStatus: list(AccountStatus).optional(),
  wifiStatus: list(WifiStatus).optional(),
  issue: list(Issue).optional(),
  access: z.enum(['open', 'closed']).optional(),
  assignable: z.boolean().optional(),
  source: z.enum(['pms', 'staff']).optional(),
  syncedBefore: Instant.optional(),
});
export type ResidentFilter = z.infer<typeof ResidentFilter>;
export const residentSorts = [
  'name',
  '-name',
  'lastName',
  '-lastName',
  'unit',
  '-unit',
  'leaseStatus',
  '-leaseStatus',
  'state',
  '-state',
  'updatedAt',
  '-updatedAt',
  'createdAt',
  '-createdAt',
] as const;
export const ResidentSelection = selectionOf(ResidentId, ResidentFilter);
export const listResidents = defineRpc('directory.list-residents', {
  does: 'query',
  input: PageQuery.extend({
    ...ResidentFilter.shape,
    sort: z.enum(residentSorts).default('name'),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Resident),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Residents: people in properties, filtered and sorted. Without a state the archived are left out.',
});
export const countResidents = defineRpc('directory.count-residents', {
  does: 'query',
  input: ResidentFilter,
  output: z.object({
    total: z.int(),
    facets: z
      .record(z.string(), z.record(z.string(), z.int()))
      .describe('Column → value → how many; each column counted without its own filter'),
  }),
  permission: 'residence.residence:view',
  describe: 'The exact total of a filter, and how many there are of each value.',
  timeoutMs: 5000,
});
/** For services that act on selections: pages of ids, by the same code as the list. */
export const resolveResidents = defineRpc('directory.resolve-residents', {
  does: 'query',
  input: PageQuery.extend({ selection: ResidentSelection, limit: z.int().min(1).max(1000).default(500) }),
  output: z.object({
    items: z.array(z.object({ id: ResidentId, propertyId: PropertyId, upstreamId: z.string().nullable() })),
    nextCursor: z.string().nullable(),
  }),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Which residents a selection is now.',
  timeoutMs: 5000,
});
