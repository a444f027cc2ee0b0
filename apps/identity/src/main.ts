import { bootstrapService } from '@leasewire/service-kit';
import { identity } from './identity.service-definition.js';

await bootstrapService(identity);
