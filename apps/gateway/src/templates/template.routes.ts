import {
  getTemplate,
  listTemplates,
  listTemplateVersions,
  previewTemplate,
  resetTemplate,
  setTemplate,
} from '@leasewire/contracts';
import { defineRoutes, get, post, put } from '../routing/route.js';

export const templateRoutes = defineRoutes(
  'Templates',
  'The texts of every message that the platform writes, and what the organization or a property writes instead.',
  [
    get('/templates', listTemplates, { summary: 'List templates' }),
    get('/templates/:name', getTemplate, { summary: 'One template with its texts and merge fields' }),
    put('/templates/:name', setTemplate, { summary: 'Write own texts for a template', ifMatch: 'version' }),
    post('/templates/:name/reset', resetTemplate, {
      summary: 'Go back to the text of the organization, or of the system',
      ifMatch: { field: 'version', required: false },
    }),
    post('/templates/:name/preview', previewTemplate, { summary: 'How a template looks when it is sent' }),
    get('/templates/:name/versions', listTemplateVersions, { summary: 'What the own texts were' }),
  ],
);
