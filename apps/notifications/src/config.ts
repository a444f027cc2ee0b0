import { variable, type Config } from '@leasewire/service-kit';
import { z } from 'zod';
import { twilioConfig } from './sms/twilio.config.js';

/** What this service reads from its environment beside what every service reads. */
export const notificationsConfig = z.object({
  LEASEWIRE_PUBLIC_URL: variable(z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'), {
    describe: 'Where people and providers reach the gateway: links in messages begin so, and webhooks are verified against it',
    mayBe: 'a URL such as https://app.example.com',
  }),
  ...twilioConfig,
});
export type NotificationsConfig = Config<typeof notificationsConfig>;
