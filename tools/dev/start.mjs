import { requireNode } from './lib/node-version.mjs';

requireNode();
const { startCommand } = await import('./lib/start-command.mjs');
process.exit(await startCommand(process.argv.slice(2)));
