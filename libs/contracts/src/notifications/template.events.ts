import { z } from 'zod';
import { defineEvent } from '../define.js';
import { defineErrors } from '../errors.js';
import { TemplateSummary } from './template.js';

const at = '2026-11-20T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';

export const templateChanged = defineEvent('notifications.template.changed', 1, z.object({ template: TemplateSummary }), {
  describe: 'Staff wrote their own text for a template, or went back to the one before.',
  view: 'communication.templates:view',
  example: {
    template: {
      name: 'welcome',
      label: 'Welcome',
      describe: 'Invites a resident to set up their account.',
      audience: 'resident',
      category: 'security',
      channels: ['email', 'sms'],
      propertyId: `prop_${body}`,
      sources: { en: 'property', es: 'system', fr: 'system' },
      version: 2,
      changedAt: at,
      changedBy: `staff:stf_${body}`,
    },
  },
});

export const templateEvents = [templateChanged] as const;
export const templateErrors = defineErrors({
  'template.not-usable': {
    status: 422,
    describe: 'A text of a template cannot be sent as it is; `details.problems` says what to put right, in which language.',
  },
});
