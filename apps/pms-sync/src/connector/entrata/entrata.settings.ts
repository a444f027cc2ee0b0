import { z } from 'zod';
import type { FormField } from '../connector.js';

/** People paste the whole address; the subdomain is what we want of it. */
const Subdomain = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) =>
    text
      .replace(/^https?:\/\//, '')
      .replace(/\.entrata\.com.*$/, '')
      .replace(/\/.*$/, ''),
  )
  .pipe(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a subdomain such as harbourcourt (of harbourcourt.entrata.com)'));

export const EntrataSettings = z.object({
  subdomain: Subdomain,
  generation: z.enum(['gateway', 'legacy']).default('gateway'),
  baseUrl: z.url().max(300).optional(),
});
export type EntrataSettings = z.infer<typeof EntrataSettings>;

export const EntrataCredentials = z.object({
  apiKey: z.string().trim().min(1).max(500).optional(),
  username: z.string().trim().min(1).max(200).optional(),
  password: z.string().min(1).max(500).optional(),
});
export type EntrataCredentials = z.infer<typeof EntrataCredentials>;

export const entrataFields: readonly FormField[] = [
  {
    name: 'subdomain',
    label: 'Subdomain',
    secret: false,
    required: true,
    hint: 'harbourcourt, when you sign in at harbourcourt.entrata.com',
  },
  {
    name: 'generation',
    label: 'API',
    secret: false,
    required: false,
    options: ['gateway', 'legacy'],
    hint: 'gateway: with an API key (since 2025). legacy: with a user name and password.',
  },
  { name: 'baseUrl', label: 'Other address', secret: false, required: false, hint: 'Only when Entrata gave you another one' },
  { name: 'apiKey', label: 'API key', secret: true, required: false, hint: 'For gateway. In Entrata: Apps, API Access' },
  { name: 'username', label: 'User name', secret: true, required: false, hint: 'For legacy' },
  { name: 'password', label: 'Password', secret: true, required: false, hint: 'For legacy' },
];
