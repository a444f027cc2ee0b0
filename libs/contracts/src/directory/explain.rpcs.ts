import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId, PropertyId, ResidentId } from '../ids.js';
import { Resident } from './words.js';

export const Explained = z
  .object({
    resident: Resident,
    propertyName: z.string(),
    listed: z.boolean().describe('false: the Residents page leaves them out, because they are archived'),
    sentences: z.array(z.string()).describe('Why they are where they are, the deciding one first'),
  })
  .meta({ id: 'ExplainedResident' });
export const explainMissing = defineRpc('directory.explain-missing', {
  does: 'query',
  input: z.object({
    search: z.string().min(2).max(100).describe('Beginnings of words of name, e-mail, phone or unit'),
    propertyId: PropertyId.optional().describe('Where they are missed; other properties are looked at too'),
  }),
  output: z.object({
    found: z.array(Explained).max(20).describe('Whoever it may be, also archived or waiting; those of the property first'),
    sentences: z.array(z.string()).describe('What is known beside'),
  }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'Why somebody is not on the list, or not in this property: looked for among all who were ever known.',
  timeoutMs: 5000,
});
export const getPerson = defineRpc('directory.get-person', {
  does: 'query',
  input: z.object({ personId: PersonId }),
  output: z.object({
    personId: PersonId,
    displayName: z.string(),
    residents: z.array(Resident).describe('Each property they live or lived in, those of today first'),
  }),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'One person across properties, units and roles.',
});
/** Where no proposal was made, or one was turned down by mistake. */
export const linkResident = defineRpc('directory.link-resident', {
  does: 'command',
  input: z.object({
    residentId: ResidentId.describe('Whose history goes on: usually the one that staff added'),
    withResidentId: ResidentId.describe('The other record of the same person in the same property: usually the one of the PMS'),
  }),
  output: Resident,
  errors: ['not-found', 'conflict.state'],
  permission: 'residence.residence:full',
  describe: 'Say that two residents of a property are one person. What the PMS says goes on under the history of the first.',
});
