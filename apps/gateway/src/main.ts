import { bootstrapService } from '@leasewire/service-kit';
import { gateway } from './gateway.definition.js';

await bootstrapService(gateway);
