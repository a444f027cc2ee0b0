import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { Instant, UserType } from '../words.js';
import { EditedVersion, ImportMode, Property } from './words.js';

const one = z.object({ propertyId: PropertyId });
const count = z.int().nonnegative();

export const ImportProgress = z
  .object({
    propertyId: PropertyId,
    importMode: ImportMode,
    setBy: z.enum(['rule', 'staff']).describe('A mode that staff set is not changed by a rule'),
    lastSweepAt: Instant.nullable(),
    pending: count.describe('Who waits in Pending Import'),
    pendingByUserType: z.partialRecord(UserType, count).describe('Who has several types is counted in each'),
    pendingWithoutEmail: count,
    imported: count.describe('Who is active'),
    dismissed: count,
    next: z.array(z.string()).describe('What has to happen until new people arrive by themselves, or what happens now'),
    version: count,
  })
  .meta({ id: 'ImportProgress' });
export type ImportProgress = z.infer<typeof ImportProgress>;

export const getImportProgress = defineRpc('directory.get-import-progress', {
  does: 'query',
  input: one,
  output: ImportProgress,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'How far the import of a property is: who waits, who is in, and what comes next.',
  timeoutMs: 5000,
});
export const previewImportMode = defineRpc('directory.preview-import-mode', {
  does: 'query',
  input: one.extend({ importMode: ImportMode }),
  output: z.object({
    importMode: ImportMode,
    changes: z.boolean().describe('false: it is in this mode already'),
    pending: count.describe('Who waits now, and goes on waiting'),
    sentences: z.array(z.string()).describe('What will happen, in words for a person'),
  }),
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'What another import mode would mean for those who wait and for those who come; nothing is changed.',
});
export const setImportMode = defineRpc('directory.set-import-mode', {
  does: 'command',
  input: one.extend({ importMode: ImportMode, version: EditedVersion }),
  output: Property,
  errors: ['not-found', 'conflict.version'],
  permission: 'residence.properties:full',
  describe: 'Change how new people arrive. Set by hand it stays until somebody changes it; nobody who waits is imported by it.',
});
