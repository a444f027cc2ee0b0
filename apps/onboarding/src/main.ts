import { bootstrapService } from '@leasewire/service-kit';
import { onboarding } from './onboarding.service-definition.js';

await bootstrapService(onboarding);
