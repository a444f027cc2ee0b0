// Finds or fetches mongod and nats-server and prints where they are: for images, scripts and curious people.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runSession } = await import('./lib/session.mjs');
const { provision } = await import('./lib/provision/provision.mjs');

process.exit(
  await runSession({ env: process.env }, async ({ leash, env, signal }) => {
    const servers = await provision({ leash, env, signal, note: (text) => console.error(text) });
    console.log(JSON.stringify(servers, null, 2));
    return 0;
  }),
);
