#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { processEnv, type Env } from './config.js';

/**
 * `npm run leasewire -- <service> <command> …`: runs a command of a service (its cli.ts) against the Leasewire that
 * `npm start` runs here, or against the servers that the environment names.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const apps = join(root, 'apps');
const [service, ...line] = process.argv.slice(2);

const Endpoints = z.object({
  home: z.string(),
  mongodb: z.object({ uri: z.string() }),
  nats: z.object({ url: z.string(), trust: z.string() }),
});

function leave(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(64);
}

function withCommands(): string[] {
  return readdirSync(apps).filter((app) => existsSync(join(apps, app, 'dist', 'cli.js')));
}

/** What `npm start` gives the service, unless the environment already says where everything is. */
function environment(name: string, env: Env): NodeJS.ProcessEnv {
  if (env['LEASEWIRE_NKEY_SEED'] ?? env['LEASEWIRE_NKEY_SEED_FILE']) return { ...env };
  const file = join(resolve(env['LEASEWIRE_HOME'] ?? join(root, '.leasewire')), 'endpoints.json');
  if (!existsSync(file))
    leave(
      `Nothing runs here: there is no ${file}. Start it (npm start), set LEASEWIRE_HOME, or give the environment of the service.`,
    );
  const { home, mongodb, nats } = Endpoints.parse(JSON.parse(readFileSync(file, 'utf8')));
  const ofAudit = {
    LEASEWIRE_AUDIT_SIGNING_KEY_FILE: join(nats.trust, 'audit-signing-key'),
    LEASEWIRE_AUDIT_HEADS_FILE: join(home, 'audit', 'heads.ndjson'),
  };
  return {
    LEASEWIRE_LOG_LEVEL: 'warn',
    LEASEWIRE_LOG_FORMAT: 'pretty',
    LEASEWIRE_SECRET_KEYS_FILE: join(nats.trust, 'secret-keys'),
    ...(name === 'audit' && ofAudit),
    ...env,
    LEASEWIRE_MONGODB_URI: mongodb.uri,
    LEASEWIRE_NATS_URL: nats.url,
    LEASEWIRE_NKEY_SEED_FILE: join(nats.trust, `${name}.seed`),
    LEASEWIRE_TRUSTED_KEYS: readFileSync(join(nats.trust, 'public-keys.json'), 'utf8'),
  };
}

if (!service || !withCommands().includes(service))
  leave(
    `Say whose command it is: npm run leasewire -- <service> <command> …\nServices with commands: ${withCommands().join(', ') || 'none is built; npm run build'}`,
  );
const cli = join(apps, service, 'dist', 'cli.js');
const needsNothing = line.length === 0 || ['help', '--help', 'env'].includes(line[0] ?? '');
const env = processEnv();
const { status } = spawnSync(process.execPath, [cli, ...line], {
  stdio: 'inherit',
  env: needsNothing ? { ...env } : environment(service, env),
});
process.exit(status ?? 1);
