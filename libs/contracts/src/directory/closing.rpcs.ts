import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { Instant } from '../words.js';

const count = z.int().nonnegative();

export const ClosingPreview = z
  .object({
    properties: count,
    connected: count.describe('Of them, those that a PMS keeps in step'),
    units: count,
    residents: count.describe('Active, or waiting in Pending Import'),
    withAccess: count.describe('Who would lose access, unless people keep it'),
    live: count.describe('Who has an activated account'),
    upcomingChanges: count.describe('Moves that would not happen any more'),
    lastExportAt: Instant.nullable().describe('When residents were exported last; only the last day is known'),
    byProperty: z.array(z.object({ propertyId: PropertyId, name: z.string(), residents: count, withAccess: count })),
    sentences: z.array(z.string()).describe('The consequences in words for a person'),
  })
  .meta({ id: 'ClosingPreview' });
export type ClosingPreview = z.infer<typeof ClosingPreview>;

export const previewCloseResidents = defineRpc('directory.preview-close', {
  does: 'query',
  input: z.object({}),
  output: ClosingPreview,
  permission: 'accounts.organization:full',
  describe:
    'What closing the organization would mean for the people who live in its properties; nothing is changed. Export them first: `POST /v1/exports`.',
  timeoutMs: 20_000,
});
