// Servers with empty data for whoever starts this as a child process: prints one line of JSON
// {mongoUri, natsUrl, binDir, dir}, runs until its input ends or it is told to stop, and leaves nothing behind.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runSession } = await import('./lib/session.mjs');
const { provision } = await import('./lib/provision/provision.mjs');
const { startTemporaryServers } = await import('./lib/temporary.mjs');

process.exit(
  await runSession({ env: process.env, quiet: true }, async (session) => {
    const { leash, env, signal, stopped } = session;
    const servers = await provision({ leash, env, signal, note: (text) => console.error(text) });
    console.log(JSON.stringify(await startTemporaryServers({ session, servers })));
    const inputEnded = new Promise((resolve) => process.stdin.on('end', resolve).on('error', resolve).resume());
    await Promise.race([inputEnded, stopped]);
    return 0;
  }),
);
