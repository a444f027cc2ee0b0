import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId, ResidentId } from '../ids.js';
import { PageQuery, pageOf } from '../words.js';
import {
  RenderedMessage,
  Template,
  TemplateLanguage,
  SystemTemplateName,
  TemplateSummary,
  TemplateTexts,
  TemplateVersion,
} from './template.js';

const Of = {
  name: SystemTemplateName,
  propertyId: PropertyId.optional().describe('Of this property; without it, of the whole organization'),
};
const Version = z.int().nonnegative().optional().describe('The version that is edited, 0 where there is none yet');

export const listTemplates = defineRpc('notifications.list-templates', {
  does: 'query',
  input: z.object({ propertyId: Of.propertyId }),
  output: z.object({ items: z.array(TemplateSummary) }),
  errors: ['not-found'],
  permission: 'communication.templates:view',
  describe: 'Every template: what it is for, and whose text it has here.',
});
export const getTemplate = defineRpc('notifications.get-template', {
  does: 'query',
  input: z.object(Of),
  output: Template,
  errors: ['not-found'],
  permission: 'communication.templates:view',
  describe: 'One template with its texts as they are sent, its own texts, and the merge fields that it may use.',
});
export const setTemplate = defineRpc('notifications.set-template', {
  does: 'command',
  input: z.object({ ...Of, texts: TemplateTexts, version: Version }),
  output: Template,
  errors: ['not-found', 'forbidden', 'conflict.version', 'template.not-usable'],
  permission: 'communication.templates:full',
  describe:
    'Write own texts for a template; they take the place of those it had, whole. Languages that are left out keep the text of the organization, or the system’s. Messages that are on their way keep the texts they began with.',
});
export const resetTemplate = defineRpc('notifications.reset-template', {
  does: 'command',
  input: z.object({ ...Of, version: Version }),
  output: Template,
  errors: ['not-found', 'forbidden', 'conflict.version'],
  permission: 'communication.templates:full',
  describe: 'Back to the text of the organization, or of the system. Older versions stay to be read.',
});
export const listTemplateVersions = defineRpc('notifications.list-template-versions', {
  does: 'query',
  input: z.object({ ...Of, ...PageQuery.shape }),
  output: pageOf(TemplateVersion),
  errors: ['not-found', 'cursor.invalid'],
  permission: 'communication.templates:view',
  describe: 'What the own texts of a template were, newest first. To go back to one, set its texts again.',
});
export const previewTemplate = defineRpc('notifications.preview-template', {
  does: 'query',
  input: z.object({
    ...Of,
    language: TemplateLanguage.default('en'),
    residentId: ResidentId.optional().describe('As this resident would get it; without one, with made-up data'),
    texts: TemplateTexts.optional().describe('Not saved yet; without it, the texts as they are'),
  }),
  output: RenderedMessage,
  errors: ['not-found', 'template.not-usable'],
  permission: 'communication.templates:view',
  describe:
    'How a template looks when it is sent, with made-up data or for one resident: by the same code that sends. Links and passwords in it are made up.',
});

export const templateRpcs = [
  listTemplates,
  getTemplate,
  setTemplate,
  resetTemplate,
  listTemplateVersions,
  previewTemplate,
] as const;
