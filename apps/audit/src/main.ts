import { bootstrapService } from '@leasewire/service-kit';
import { audit } from './audit.service-definition.js';

await bootstrapService(audit);
