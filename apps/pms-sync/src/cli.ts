import { runCommand } from '@leasewire/service-kit';
import { pmsSync } from './pms-sync.service-definition.js';

await runCommand(pmsSync);
