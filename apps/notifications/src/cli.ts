import { runCommand } from '@leasewire/service-kit';
import { notifications } from './notifications.service-definition.js';

await runCommand(notifications);
