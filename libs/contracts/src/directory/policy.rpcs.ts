import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId, ResidentId } from '../ids.js';
import { UserType } from '../words.js';
import { AccessPolicy, EditedVersion, Property } from './words.js';

export const getPolicies = defineRpc('directory.get-policies', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: z.object({ policy: AccessPolicy, defaults: AccessPolicy, version: z.int() }),
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'When access opens and closes in a property, and what the defaults are.',
});
export const previewPolicies = defineRpc('directory.preview-policies', {
  does: 'query',
  input: z.object({ propertyId: PropertyId, policy: AccessPolicy.partial() }),
  output: z.object({
    gainToday: z.int(),
    loseToday: z.int(),
    examples: z.array(z.object({ residentId: ResidentId, name: z.string(), effect: z.enum(['gains', 'loses']) })).max(20),
  }),
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'Who would gain or lose access today under other policies; nothing is changed.',
  timeoutMs: 10_000,
});
export const setPolicies = defineRpc('directory.set-policies', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, policy: AccessPolicy.partial().or(z.literal('default')), version: EditedVersion }),
  output: Property,
  errors: ['not-found', 'conflict.version'],
  permission: 'residence.properties:full',
  describe: 'Change the policies of a property, or reset them to the defaults.',
  timeoutMs: 10_000,
});
const StartEstimate = z.object({
  propertyId: PropertyId,
  residents: z.int(),
  withoutEmail: z.int(),
  gainAccess: z.int(),
  digest: z.string(),
});
export const estimateStart = defineRpc('directory.estimate-start', {
  does: 'query',
  input: z.object({ propertyId: PropertyId, userTypes: z.array(UserType).max(5).optional() }),
  output: StartEstimate,
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'What Start service would do now.',
  timeoutMs: 10_000,
});
export const startService = defineRpc('directory.start-service', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, digest: z.string().describe('Of the estimate that was confirmed') }),
  output: Property,
  errors: ['not-found', 'conflict.state', 'start.estimate-changed'],
  permission: 'residence.properties:full',
  describe: 'End the silent time of a property: from now on access is enforced and messages are sent.',
  timeoutMs: 10_000,
});
