import { runCommand } from '@leasewire/service-kit';
import { directory } from './directory.service-definition.js';

await runCommand(directory);
