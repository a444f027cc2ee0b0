import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { FieldData } from './words.js';

/** What staff may be told of by mail. Each kind is for those who hold its permission, in its property. */
export const AlertKind = z
  .enum([
    'hold-waiting',
    'connection-failing',
    'connection-recovered',
    'controller-down',
    'block-undeliverable',
    'deliveries-unknown',
    'dead-letters',
    'people-not-invited',
    'import-automatic',
  ])
  .meta({ id: 'AlertKind', description: 'What staff are told of' });
export type AlertKind = z.infer<typeof AlertKind>;

export const AlertMode = z
  .enum(['immediate', 'digest', 'off'])
  .meta({ id: 'AlertMode', description: 'At once, once a day in the morning, or not at all' });
export type AlertMode = z.infer<typeof AlertMode>;

export const AlertChoice = z
  .object({
    kind: AlertKind,
    label: z.string(),
    describe: z.string(),
    mode: AlertMode,
    usual: AlertMode.describe('What it is for those who chose nothing'),
    receives: z.boolean().describe('Whether one’s roles have anything to do with it; otherwise the mode counts for nothing'),
  })
  .meta({ id: 'AlertChoice' });
export const AlertChoices = z
  .object({ items: z.array(AlertChoice), version: z.int().nonnegative().describe('0: nothing was chosen yet') })
  .meta({ id: 'AlertChoices', description: 'Which alerts somebody of the staff receives, and how' });
export type AlertChoices = z.infer<typeof AlertChoices>;

export const getMyAlerts = defineRpc('notifications.get-my-alerts', {
  does: 'query',
  input: z.object({}),
  output: AlertChoices,
  errors: ['forbidden'],
  permission: 'member',
  describe: 'Which alerts one receives by mail, and how.',
});
export const setMyAlerts = defineRpc('notifications.set-my-alerts', {
  does: 'command',
  input: z.object({
    modes: z.partialRecord(AlertKind, AlertMode).describe('What is not named stays as it is'),
    version: z.int().nonnegative().optional(),
  }),
  output: AlertChoices,
  errors: ['forbidden', 'conflict.version'],
  permission: 'member',
  describe: 'Choose which alerts one receives at once, in the digest of the morning, or not at all.',
});
export const raiseAlert = defineRpc('notifications.raise-alert', {
  does: 'command',
  input: z.object({
    kind: AlertKind,
    key: z.string().min(1).max(200).describe('What it is about; told once, however often it is raised'),
    propertyId: PropertyId.nullable().default(null).describe('null: of the whole organization'),
    data: FieldData.default({}).describe('Merge fields of its template'),
    place: z
      .string()
      .regex(/^\/[A-Za-z0-9/_-]*$/)
      .max(300)
      .describe('Where in the console it is dealt with: `/controllers/ctl_…`'),
  }),
  output: z.object({ told: z.int().nonnegative().describe('How many are told, now or in their digest') }),
  permission: 'service',
  describe: 'Tell the staff whom it concerns of something that needs a person.',
});

export const alertRpcs = [getMyAlerts, setMyAlerts, raiseAlert] as const;
