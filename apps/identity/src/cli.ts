import { runCommand } from '@leasewire/service-kit';
import { identity } from './identity.service-definition.js';

await runCommand(identity);
