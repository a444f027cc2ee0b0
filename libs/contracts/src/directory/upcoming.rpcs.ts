import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId, UpcomingChangeId } from '../ids.js';
import { PageQuery, pageOf } from '../words.js';
import { UpcomingChange } from './words.js';

export const listUpcomingChanges = defineRpc('directory.list-upcoming-changes', {
  does: 'query',
  input: PageQuery.extend({
    propertyId: PropertyId.optional(),
    what: z.enum(['move-in', 'move-out', 'transfer']).optional(),
    search: z.string().min(2).max(100).optional(),
  }),
  output: pageOf(UpcomingChange),
  errors: ['cursor.invalid'],
  permission: 'residence.residence:view',
  describe: 'Moves that are known and have not happened, soonest first.',
});
export const executeUpcomingChanges = defineRpc('directory.execute-upcoming-changes', {
  does: 'command',
  input: z.object({ ids: z.array(UpcomingChangeId).min(1).max(200) }),
  output: z.object({
    executed: z.array(UpcomingChangeId),
    refused: z.array(z.object({ id: UpcomingChangeId, reason: z.string() })),
  }),
  permission: 'residence.residence:full',
  describe: 'Let moves take effect now instead of at their date.',
  timeoutMs: 10_000,
});
