import { runCommand } from '@leasewire/service-kit';
import { identity } from './identity.service-definition.js';

// what `npm start` runs when everything is up: `cli.js seed-demo` under a name that every service may have
await runCommand(identity, ['seed-demo']);
