import type { Config } from '@leasewire/service-kit';
import { z } from 'zod';

/** What this service reads from its environment beside what every service reads. */
export const notificationsConfig = z.object({});
export type NotificationsConfig = Config<typeof notificationsConfig>;
