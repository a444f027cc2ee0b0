import { bootstrapService } from '@leasewire/service-kit';
import { directory } from './directory.service-definition.js';

await bootstrapService(directory);
