// The keys of a deployment, made once: the same code as `npm start`, then shared out so that every service sees its own alone.
//
//   node deploy/trust.mjs            reads LEASEWIRE_TRUST_FOLDER (default /trust), which holds
//     keys/                          everything; only this program mounts it
//     <service>/nkey.seed            who the service is
//     <service>/trusted-keys.json    whose signatures it believes
//     <service>/secret-keys          what it seals secrets with (services with a database)
//     audit/audit-signing-key
//     audit-heads/                   empty: where audit keeps its signed heads, and may write
//     nats/nats.conf                 one nkey and one allow-list per service
//
// What is there is kept: losing a seed means new keys for everyone, losing a secret key means losing what it sealed.
import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { services } from '@leasewire/contracts';
import { prepareTrust } from '../tools/dev/lib/trust.mjs';

const folder = process.env.LEASEWIRE_TRUST_FOLDER ?? '/trust';
/** The user of the images (Dockerfile). Only root can give files away; elsewhere they stay with whoever runs this. */
const owner = process.getuid?.() === 0 ? 10001 : undefined;

const trust = await prepareTrust({ folder: join(folder, 'keys'), services: Object.keys(services), env: process.env });

for (const [service, { owns }] of Object.entries(services)) {
  const own = ownFolder(service);
  give(trust.seedFile(service), join(own, 'nkey.seed'));
  write(join(own, 'trusted-keys.json'), JSON.stringify(trust.publicKeys));
  if (owns) give(trust.secretKeysFile, join(own, 'secret-keys'));
  if (service === 'audit') give(trust.auditKeyFile, join(own, 'audit-signing-key'));
}
ownFolder('audit-heads');

const nats = join(folder, 'nats');
mkdirSync(nats, { recursive: true });
writeFileSync(join(nats, 'nats.conf'), trust.natsConfig({ host: '0.0.0.0', port: 4222, storeDir: '/data', monitorPort: 8222 }));
console.log(`keys and allow-lists of ${Object.keys(services).join(', ')} are in ${folder}`);

/** Of the user of the images: only they look into it. */
function ownFolder(name) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (owner !== undefined) chownSync(path, owner, owner);
  return path;
}

function give(from, to) {
  copyFileSync(from, to);
  keepPrivate(to);
}

function write(file, text) {
  writeFileSync(file, text);
  keepPrivate(file);
}

function keepPrivate(file) {
  chmodSync(file, 0o400);
  if (owner !== undefined) chownSync(file, owner, owner);
}
