import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId, PropertyId } from '../ids.js';
import { PageQuery, pageOf } from '../words.js';
import { Resident, TimelineEntry } from './words.js';

export const DuplicateProposal = z.object({ id: z.string(), a: Resident, b: Resident, why: z.string() });
export const listDuplicates = defineRpc('directory.list-duplicates', {
  does: 'query',
  input: PageQuery.extend({ propertyId: PropertyId.optional() }),
  output: pageOf(DuplicateProposal),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Residents who may be the same person; nobody is merged without staff.',
});
export const linkDuplicate = defineRpc('directory.link-duplicate', {
  does: 'command',
  input: z.object({ id: z.string(), same: z.boolean() }),
  output: z.object({}),
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe: 'Say that two residents are the same person, or that they are not.',
});
export const exportPerson = defineRpc('directory.export-person', {
  does: 'query',
  input: z.object({ personId: PersonId }),
  output: z.object({ residents: z.array(Resident), timeline: z.array(TimelineEntry) }),
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe: 'Everything directory knows about a person.',
  timeoutMs: 5000,
});
export const erasePerson = defineRpc('directory.erase-person', {
  does: 'command',
  input: z.object({ personId: PersonId }),
  output: z.object({}),
  errors: ['not-found', 'person.still-resident'],
  permission: 'residence.residence:full',
  describe: 'Erase a person for good; every service forgets them.',
});
