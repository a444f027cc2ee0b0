import { z } from 'zod';
import type { FormField } from '../connector.js';

export const BuildiumSettings = z.object({ baseUrl: z.url().max(300).default('https://api.buildium.com') });
export type BuildiumSettings = z.infer<typeof BuildiumSettings>;

export const BuildiumCredentials = z.object({
  clientId: z.string().trim().min(1).max(300),
  clientSecret: z.string().trim().min(1).max(500),
  webhookSecret: z.string().trim().min(1).max(500).optional(),
});
export type BuildiumCredentials = z.infer<typeof BuildiumCredentials>;

export const buildiumFields: readonly FormField[] = [
  {
    name: 'baseUrl',
    label: 'Address',
    secret: false,
    required: false,
    hint: 'https://api.buildium.com, unless Buildium gave you another one',
  },
  {
    name: 'clientId',
    label: 'Client ID',
    secret: true,
    required: true,
    hint: 'In Buildium: Settings, API settings (Premium plan)',
  },
  { name: 'clientSecret', label: 'Client secret', secret: true, required: true },
  {
    name: 'webhookSecret',
    label: 'Webhook secret',
    secret: true,
    required: false,
    hint: 'Of the webhook, when you made one; changes then come within seconds',
  },
];
