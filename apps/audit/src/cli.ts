import { runCommand } from '@leasewire/service-kit';
import { audit } from './audit.service-definition.js';

await runCommand(audit);
