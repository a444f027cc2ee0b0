import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { EditedVersion, Property } from './words.js';

const count = z.int().nonnegative();

export const RemovalPreview = z
  .object({
    propertyId: PropertyId,
    name: z.string(),
    connected: z.boolean().describe('A PMS keeps it in step; disconnect it there first'),
    units: count,
    residents: count.describe('Who would be archived: active, or waiting in Pending Import'),
    withAccess: count.describe('Who would lose access'),
    live: count.describe('Who has an activated account'),
    upcomingChanges: count.describe('Moves that would not happen any more'),
    sentences: z.array(z.string()).describe('The consequences in words for a person'),
    digest: z.string().describe('Of everybody concerned: give it to remove, so that what happens is what was seen'),
  })
  .meta({ id: 'RemovalPreview' });
export type RemovalPreview = z.infer<typeof RemovalPreview>;

export const previewRemoveProperty = defineRpc('directory.preview-remove-property', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: RemovalPreview,
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'What removing a property would mean for its people; nothing is changed.',
  timeoutMs: 10_000,
});
export const removeProperty = defineRpc('directory.remove-property', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    digest: z.string().describe('Of the preview that was confirmed'),
    version: EditedVersion,
  }),
  output: Property,
  errors: ['not-found', 'conflict.version', 'property.connected', 'removal.changed'],
  permission: 'residence.properties:full',
  describe: 'Archive everybody of a property, which ends their access, and put the property away. The history stays.',
  timeoutMs: 10_000,
});
