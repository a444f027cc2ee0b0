import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';

/** The one service that people reach from outside. */
export const gateway = 'gateway';

/**
 * @typedef {{ name: string, folder: string, main: string, seed: string, entry?: string }} ServiceApp `main` may be the bundle of `entry`
 */

/**
 * Every app whose package.json says `"leasewire": { "service": true }`.
 * @param {string} apps
 * @returns {ServiceApp[]} the gateway first, then by name
 */
export function findServices(apps) {
  return readdirSync(apps, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readService(name, join(apps, name)))
    .sort((a, b) => Number(b.name === gateway) - Number(a.name === gateway) || a.name.localeCompare(b.name));
}

/**
 * @param {string} name
 * @param {string} folder
 * @returns {ServiceApp[]} none when it is no service
 */
function readService(name, folder) {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return [];
  /** @type {{ leasewire?: { service?: boolean, main?: string, seed?: string } }} */
  let described;
  try {
    described = JSON.parse(readFileSync(manifest, 'utf8'));
  } catch {
    throw new Problem(`${manifest} is not valid JSON. Correct it and try again.`);
  }
  const { service = false, main = 'dist/main.js', seed = 'dist/seed.js' } = described.leasewire ?? {};
  return service ? [{ name, folder, main: join(folder, main), seed: join(folder, seed) }] : [];
}

/**
 * @param {readonly ServiceApp[]} services
 * @param {readonly string[] | undefined} only
 * @returns {ServiceApp[]}
 */
export function chooseServices(services, only) {
  if (!only) return [...services];
  const names = services.map(({ name }) => name);
  for (const name of only) {
    if (!names.includes(name)) throw new Problem(`There is no service "${name}". There are: ${names.join(', ')}.`);
  }
  return services.filter(({ name }) => only.includes(name));
}

/**
 * How many of each service, from LEASEWIRE_REPLICAS.
 * @param {NodeJS.ProcessEnv} env
 */
export function replicaCount(env) {
  const text = env.LEASEWIRE_REPLICAS ?? '1';
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 9) return count;
  throw new Problem(`LEASEWIRE_REPLICAS must be a number from 1 to 9, not "${text}".`);
}

/** Read by npm start itself; a service would take them for slips of the pen. */
const ours = /^LEASEWIRE_(HOME|CACHE|REPLICAS|MIN_FREE_MB|PLATFORM|DEV_\w+|TEST_\w+)$/;

/**
 * What one process of a service gets to know. Secrets are given as files, so that none shows in the list of processes, and
 * whatever the person set in the environment wins.
 * @param {{
 *   service: string, mongodbUri: string, natsUrl: string, trust: import('./trust.mjs').Trust, home: import('./home.mjs').Home,
 *   healthPort: number, publicPort?: number | undefined, publicUrl: string, env: NodeJS.ProcessEnv,
 *   simulators?: import('./simulators.mjs').Simulators | undefined,
 * }} options
 * @returns {NodeJS.ProcessEnv}
 */
export function serviceEnvironment({
  service,
  mongodbUri,
  natsUrl,
  trust,
  home,
  healthPort,
  publicPort,
  publicUrl,
  env,
  simulators,
}) {
  /** @type {NodeJS.ProcessEnv} */
  const wanted = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name))),
    LEASEWIRE_MONGODB_URI: mongodbUri,
    LEASEWIRE_NATS_URL: natsUrl,
    LEASEWIRE_NKEY_SEED: undefined,
    LEASEWIRE_NKEY_SEED_FILE: trust.seedFile(service),
    LEASEWIRE_TRUSTED_KEYS: JSON.stringify(trust.publicKeys),
    LEASEWIRE_HTTP_PORT: String(healthPort),
    LEASEWIRE_PORT: publicPort === undefined ? undefined : String(publicPort),
  };
  /** @type {Record<string, string>} */
  const defaults = {
    LEASEWIRE_LOG_FORMAT: 'pretty',
    LEASEWIRE_SHUTDOWN_MS: '5000', // less than the grace that the supervisor gives
    LEASEWIRE_HTTP_HOST: '127.0.0.1',
    LEASEWIRE_PUBLIC_URL: publicUrl,
    ...(service === gateway ? {} : { LEASEWIRE_SECRET_KEYS_FILE: trust.secretKeysFile }), // the gateway keeps nothing to seal
    ...(service === 'pms-sync' ? { LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1' } : {}), // the simulators
    ...(service === 'notifications' && simulators ? simulated(simulators, env) : {}),
    ...(service === 'audit'
      ? { LEASEWIRE_AUDIT_SIGNING_KEY_FILE: trust.auditKeyFile, LEASEWIRE_AUDIT_HEADS_FILE: join(home.audit, 'heads.ndjson') }
      : {}),
  };
  for (const [name, value] of Object.entries(defaults)) {
    const sibling = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`;
    if (!wanted[name] && !wanted[sibling]) wanted[name] = value;
  }
  return wanted;
}

/**
 * Mails go to the mail catcher and texts to the simulator, unless the person names a server or an account of their own.
 * @param {import('./simulators.mjs').Simulators} simulators
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function simulated({ twilio, mail }, env) {
  const own = (/** @type {string} */ prefix) => Object.keys(env).some((name) => name.startsWith(prefix));
  const { url = '', accountSid = '', authToken = '', messagingServiceSid = '' } = twilio ?? {};
  return {
    ...(twilio && !own('LEASEWIRE_TWILIO_')
      ? {
          LEASEWIRE_TWILIO_ACCOUNT_SID: accountSid,
          LEASEWIRE_TWILIO_AUTH_TOKEN: authToken,
          LEASEWIRE_TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid,
          LEASEWIRE_TWILIO_API_URL: url,
        }
      : {}),
    ...(mail && !own('LEASEWIRE_SMTP_')
      ? {
          LEASEWIRE_SMTP_HOST: mail.smtp.host,
          LEASEWIRE_SMTP_PORT: String(mail.smtp.port),
          LEASEWIRE_SMTP_USER: mail.smtp.user,
          LEASEWIRE_SMTP_PASSWORD: mail.smtp.password,
          ...(mail.returns ? { LEASEWIRE_RETURN_PORT: String(mail.returns.port) } : {}),
        }
      : {}),
  };
}
