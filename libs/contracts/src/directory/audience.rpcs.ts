import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId, PropertyId, ResidentId, UnitId } from '../ids.js';
import { AccountStatus, EmailAddress, LeaseStatus, PropertyScope, ResidentState, UserType } from '../words.js';
import { Access, Issue, Occupancy, ResidentName } from './words.js';
import { ResidentSelection } from './resident-list.rpcs.js';

export const AudienceSelection = z.union([
  ResidentSelection,
  z.strictObject({ personIds: z.array(PersonId).min(1).max(10_000) }).describe('Everywhere they are known'),
  z.strictObject({ unitIds: z.array(UnitId).min(1).max(10_000) }).describe('Who lives there or has access there'),
  z
    .strictObject({ propertyIds: z.array(PropertyId).min(1).max(1000), userTypes: z.array(UserType).min(1).max(5).optional() })
    .describe('Everybody who is there, or those of these user types'),
]);
export type AudienceSelection = z.infer<typeof AudienceSelection>;

/** What a service needs to write to somebody, or to say why it does not. */
export const AudienceMember = z
  .object({
    residentId: ResidentId,
    personId: PersonId,
    propertyId: PropertyId,
    unitIds: z.array(UnitId).describe('Where they live or have access'),
    unit: z.string().nullable().describe('Building and number as shown, of the occupancy that counts'),
    bedroom: z.string().nullable(),
    lease: Occupancy.pick({ from: true, until: true, leaseEnd: true }).nullable().describe('Days of the occupancy that counts'),
    name: ResidentName.omit({ raw: true }),
    displayName: z.string(),
    email: EmailAddress.nullable(),
    sharedEmail: z.boolean().describe('Other people of the property have this address too'),
    phone: z.string().nullable().describe('E.164; a mobile number where there is one'),
    language: z
      .string()
      .nullable()
      .describe('BCP 47: their own choice, else what staff, the PMS or the property says; null: nobody has said'),
    state: ResidentState,
    userTypes: z.array(UserType),
    leaseStatus: LeaseStatus.nullable(),
    access: Access.pick({ open: true, reason: true }),
    accountStatus: AccountStatus.nullable(),
    assignable: z.boolean(),
    issues: z.array(Issue),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'AudienceMember' });
export type AudienceMember = z.infer<typeof AudienceMember>;

/** For services that write to people. Whom they leave out, and why, is theirs to say: so nobody is left out here. */
export const resolveAudience = defineRpc('directory.resolve-audience', {
  does: 'query',
  input: z.object({
    selection: AudienceSelection,
    properties: PropertyScope.describe('What the one who asked for it may see; the service itself may see all'),
    limit: z.int().min(1).max(1000).default(500),
    cursor: z.string().max(1000).optional(),
  }),
  output: z.object({ items: z.array(AudienceMember), nextCursor: z.string().nullable() }),
  errors: ['cursor.invalid'],
  permission: 'service',
  describe:
    'Everybody whom a selection names, with what it takes to write to them, in the order of ids. Named by id, also the archived; by a filter, a unit or a property, as in the list: without a state, all but the archived.',
  timeoutMs: 5000,
});
