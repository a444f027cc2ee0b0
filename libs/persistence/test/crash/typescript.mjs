import { register } from 'node:module';

// `node --conditions=@leasewire/source --import ./typescript.mjs program.ts`: runs sources without a build, for processes that die.
register('./typescript-hooks.mjs', import.meta.url);
