import type { Config } from '@leasewire/service-kit';
import { z } from 'zod';
import { twilioConfig } from './sms/twilio.config.js';

/** What this service reads from its environment beside what every service reads. */
export const notificationsConfig = z.object({ ...twilioConfig });
export type NotificationsConfig = Config<typeof notificationsConfig>;
