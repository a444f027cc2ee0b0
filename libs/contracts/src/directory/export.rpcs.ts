import { z } from 'zod';
import { defineJob, defineRpc } from '../define.js';
import { JobId } from '../ids.js';
import { JobView } from '../jobs.js';
import { ResidentFilter } from './resident-list.rpcs.js';
import { UnitFilter } from './unit.rpcs.js';

export const startExport = defineRpc('directory.start-export', {
  does: 'command',
  input: z.object({
    what: z.enum(['residents', 'units']),
    filter: ResidentFilter.default({}).describe('Which residents; of units it takes the property, the building and the search'),
    units: UnitFilter.optional().describe('Which units, by all their columns'),
  }),
  output: JobView,
  permission: 'residence.residence:view',
  describe: 'Write a list to a CSV file.',
});
export const readExport = defineRpc('directory.read-export', {
  does: 'query',
  input: z.object({ jobId: JobId, part: z.int().nonnegative() }),
  output: z.object({ text: z.string(), last: z.boolean() }),
  errors: ['not-found', 'conflict.state'],
  permission: 'residence.residence:view',
  describe: 'One part of a finished export.',
});
export const exportJob = defineJob('directory.export', {
  input: z.object({ what: z.enum(['residents', 'units']), filter: ResidentFilter, units: UnitFilter.optional() }),
  item: z.object({ rows: z.int() }),
  permission: 'residence.residence:view',
  describe: 'Writes a list to a CSV file.',
});
