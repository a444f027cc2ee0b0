import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import { Locale } from '../identity/words.js';
import { PropertyId, ResidentId, UnitId } from '../ids.js';
import { JobView } from '../jobs.js';
import { EmailAddress, LocalDate, PageQuery, pageOf, PropertyScope, ResidentState, UserType } from '../words.js';
import { EditedVersion, Resident, TimelineEntry } from './words.js';
import { ResidentSelection } from './resident-list.rpcs.js';

export const getResident = defineRpc('directory.get-resident', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: Resident.extend({
    pmsSays: Resident.pick({ name: true, email: true, phones: true, userTypes: true, language: true })
      .nullable()
      .describe(
        'What the PMS said last, beside what is shown; `sources` says which of them an override covers. null: not of a PMS',
      ),
  }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One resident, with what the PMS says where staff have said something else.',
});
export const explainAccess = defineRpc('directory.explain-access', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: z.object({
    residentId: ResidentId,
    open: z.boolean(),
    sentences: z.array(z.string()).describe('Why, in words for a person, the deciding one first'),
  }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'Why someone has access, or has none.',
});
export const listTimeline = defineRpc('directory.list-timeline', {
  does: 'query',
  input: PageQuery.extend({ residentId: ResidentId }),
  output: pageOf(TimelineEntry),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'What happened to a resident, newest first: what, when, by whom.',
});
const ManualResident = z.object({
  propertyId: PropertyId,
  firstName: z.string().trim().min(1).max(100),
  lastName: z.string().trim().min(1).max(100),
  email: EmailAddress.nullable().default(null),
  phone: z.string().trim().max(60).optional(),
  language: Locale.nullable().optional().describe('Which they read; null: as the property says'),
  userTypes: z.array(UserType).min(1).max(5),
  unitId: UnitId.nullable().default(null),
  bedroom: z.string().max(50).nullable().default(null),
  moveIn: LocalDate.nullable().default(null),
  moveOut: LocalDate.nullable().default(null),
});
export const createResident = defineRpc('directory.create-resident', {
  does: 'command',
  input: ManualResident,
  output: Resident,
  errors: ['not-found', 'resident.exists', 'resident.unit-needed', 'resident.dates', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Add a resident by hand.',
});
export const updateResident = defineRpc('directory.update-resident', {
  does: 'command',
  input: z.object({
    residentId: ResidentId,
    firstName: z.string().trim().min(1).max(100).optional(),
    lastName: z.string().trim().min(1).max(100).optional(),
    email: EmailAddress.nullable().optional(),
    phones: z.array(z.string().trim().max(60)).max(10).optional(),
    userTypes: z.array(UserType).min(1).max(5).optional(),
    language: Locale.nullable()
      .optional()
      .describe(
        'Which they read, such as es or fr-CA; null: as the PMS or the property says. Refused when they chose one themselves',
      ),
    unitId: UnitId.nullable().optional(),
    bedroom: z.string().max(50).nullable().optional(),
    moveIn: LocalDate.nullable().optional(),
    moveOut: LocalDate.nullable().optional(),
    access: z.enum(['by-rule', 'granted', 'denied']).optional().describe('A staff override of access'),
    reset: z
      .array(z.enum(['name', 'email', 'phones', 'userTypes', 'access', 'language']))
      .max(6)
      .optional()
      .describe('Fields that follow the PMS again'),
    version: EditedVersion,
  }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'conflict.state', 'resident.from-pms', 'resident.dates'],
  permission: 'residence.residence:full',
  describe: 'Change a resident. What staff set stays over later syncs, and is shown as such, until it is reset.',
});
export const archiveResident = defineRpc('directory.archive-resident', {
  does: 'command',
  input: z.object({ residentId: ResidentId, version: EditedVersion }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Archive a resident: no access and no messages; the history stays.',
});
export const restoreResident = defineRpc('directory.restore-resident', {
  does: 'command',
  input: z.object({ residentId: ResidentId, version: EditedVersion }),
  output: Resident,
  errors: ['not-found', 'conflict.version', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Bring an archived resident back.',
});
export const importResidents = defineRpc('directory.import-residents', {
  does: 'command',
  input: z.object({
    selection: ResidentSelection,
    dismiss: z.boolean().default(false),
    propertyId: PropertyId.optional().describe('Only those of this property'),
  }),
  output: JobView,
  errors: ['not-found', 'forbidden'],
  permission: 'residence.residence:full',
  describe:
    'Import pending residents, or dismiss them: they become active, or archived. To import them, full access to Integrations is needed too.',
});
export const importJob = defineJob('directory.import-residents', {
  input: z.object({
    selection: ResidentSelection,
    dismiss: z.boolean(),
    properties: PropertyScope.optional().describe('What the one who asked may see, as it was then'),
  }),
  item: z.object({ state: ResidentState }),
  permission: 'residence.residence:full',
  describe: 'Imports or dismisses pending residents one by one.',
});
