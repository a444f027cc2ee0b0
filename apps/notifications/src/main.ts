import { bootstrapService } from '@leasewire/service-kit';
import { notifications } from './notifications.service-definition.js';

await bootstrapService(notifications);
