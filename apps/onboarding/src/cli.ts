import { runCommand } from '@leasewire/service-kit';
import { onboarding } from './onboarding.service-definition.js';

await runCommand(onboarding);
