import { z } from 'zod';
import { defineRpc } from '../define.js';
import { Locale } from '../identity/words.js';
import { PersonId, PropertyId, ResidentId, UnitId } from '../ids.js';
import {
  AccountStatus,
  Instant,
  LeaseStatus,
  LocalDate,
  PageQuery,
  pageOf,
  ResidentState,
  selectionOf,
  UserType,
  WifiStatus,
} from '../words.js';
import { Access, AccountMailState, Issue, Resident, UpcomingChange, UpstreamRole } from './words.js';

const list = <T extends z.ZodType>(word: T) => z.array(word).min(1).max(20);
const beginning = (least: number) => z.string().trim().min(least).max(100).optional();
export const ResidentFilter = z.object({
  propertyId: PropertyId.optional(),
  propertyIds: z.array(PropertyId).min(1).max(200).optional().describe('In one of these properties'),
  unitId: UnitId.optional(),
  personId: PersonId.optional(),
  building: z.string().max(100).optional(),
  bedroom: z.string().max(50).optional(),
  search: z.string().min(2).max(100).optional().describe('Beginnings of words of name, e-mail, phone or unit'),
  name: beginning(2).describe('Beginnings of words of the name'),
  email: beginning(2).describe('The beginning of the address'),
  phone: beginning(4).describe('The beginning of a number, with or without its country'),
  unit: beginning(1).describe('The beginning of the unit as it is shown'),
  housed: z.boolean().optional().describe('false: who has no unit, such as a committee member'),
  role: list(UpstreamRole).optional(),
  state: list(ResidentState).optional(),
  userType: list(UserType).optional(),
  leaseStatus: list(LeaseStatus).optional(),
  accountStatus: list(AccountStatus).optional(),
  mailState: list(AccountMailState).optional().describe('What became of the last invitation mail'),
  invitedAfter: Instant.optional(),
  invitedBefore: Instant.optional(),
  expiresAfter: Instant.optional().describe('The activation link works, or worked, until then or later'),
  expiresBefore: Instant.optional(),
  termsAccepted: z.boolean().optional(),
  wifiStatus: list(WifiStatus).optional(),
  issue: list(Issue).optional(),
  access: z.enum(['open', 'closed']).optional(),
  language: list(Locale)
    .optional()
    .describe('Who is written to in one of these; es also finds es-MX, and en also those of whom nobody has said'),
  accessReason: list(Access.shape.reason).optional(),
  archivedReason: list(Resident.shape.archivedReason.unwrap()).optional(),
  assignable: z.boolean().optional(),
  owing: z.boolean().optional().describe('true: the PMS says that they owe something'),
  upcoming: list(UpcomingChange.shape.what).optional().describe('Whose next move is one of these'),
  moveInFrom: LocalDate.optional(),
  moveInUntil: LocalDate.optional(),
  moveOutFrom: LocalDate.optional(),
  moveOutUntil: LocalDate.optional(),
  overridden: list(z.enum(['name', 'email', 'phones', 'userTypes', 'access']))
    .optional()
    .describe('Where staff or the resident said something else than the PMS'),
  source: z.enum(['pms', 'staff']).optional(),
  syncedAfter: Instant.optional(),
  syncedBefore: Instant.optional(),
  createdAfter: Instant.optional(),
  createdBefore: Instant.optional(),
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
  'accountStatus',
  '-accountStatus',
  'expiresAt',
  '-expiresAt',
  'wifiStatus',
  '-wifiStatus',
  'email',
  '-email',
  'moveIn',
  '-moveIn',
  'moveOut',
  '-moveOut',
  'updatedAt',
  '-updatedAt',
  'createdAt',
  '-createdAt',
  'unit,name',
  '-unit,-name',
  'leaseStatus,name',
  '-leaseStatus,-name',
  'accountStatus,name',
  '-accountStatus,-name',
  'wifiStatus,name',
  '-wifiStatus,-name',
  'moveIn,name',
  '-moveIn,-name',
  'moveOut,name',
  '-moveOut,-name',
] as const;
export const ResidentSelection = selectionOf(ResidentId, ResidentFilter);
export const listResidents = defineRpc('directory.list-residents', {
  does: 'query',
  input: PageQuery.extend({
    ...ResidentFilter.shape,
    sort: z
      .enum(residentSorts)
      .default('name')
      .describe(
        '`-` from the other end. Those with the same unit, status or date come by name, in the same direction, also where it is not said',
      ),
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
