import { requireNode } from './lib/node-version.mjs';

requireNode();
const { testCommand } = await import('./lib/test-command.mjs');
process.exit(await testCommand(process.argv.slice(2)));
