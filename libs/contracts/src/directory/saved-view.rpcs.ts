import { z } from 'zod';
import { defineRpc } from '../define.js';
import { SavedViewId } from '../ids.js';

export const SavedView = z
  .object({
    id: SavedViewId,
    name: z.string().trim().min(1).max(80),
    list: z.enum(['residents', 'units']),
    query: z.record(z.string(), z.unknown()),
    shared: z.boolean(),
    mine: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'SavedView' });
export const listSavedViews = defineRpc('directory.list-saved-views', {
  does: 'query',
  input: z.object({ list: z.enum(['residents', 'units']).optional() }),
  output: z.object({ items: z.array(SavedView) }),
  permission: 'residence.residence:view',
  describe: 'One’s own saved views and those that are shared.',
});
export const saveView = defineRpc('directory.save-view', {
  does: 'command',
  input: z.object({
    id: SavedViewId.optional(),
    name: z.string().trim().min(1).max(80),
    list: z.enum(['residents', 'units']),
    query: z.record(z.string(), z.unknown()),
    shared: z.boolean().default(false),
  }),
  output: SavedView,
  errors: ['not-found', 'view.name-taken'],
  permission: 'residence.residence:view',
  describe: 'Save a view of a list, for oneself or for all.',
});
export const removeView = defineRpc('directory.remove-view', {
  does: 'command',
  input: z.object({ id: SavedViewId }),
  output: z.object({}),
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'Forget a saved view.',
});
