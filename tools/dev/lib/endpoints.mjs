import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * What tools and tests read from HOME/endpoints.json. It exists while Leasewire is ready, and is rewritten when something
 * restarts under another process id or port. A `pid` of null: it is down and will be started again.
 *
 * @typedef {{ name: string, url: string, pid: number | null }} Instance
 * @typedef {{ role: string, email: string, password: string, organization?: string, name?: string }} SignIn
 * @typedef {{
 *   pid: number,
 *   home: string,
 *   gateway: { url: string, urls: string[] } | null,
 *   services: Record<string, { url: string, pid: number | null, instances: Instance[] }>,
 *   mongodb: { uri: string, pid: number | null, external: boolean },
 *   nats: { url: string, pid: number | null, external: boolean, trust: string },
 *   simulators?: import('./simulators.mjs').Simulators,
 *   organization: unknown,
 *   signIns: SignIn[],
 * }} Endpoints
 */

/**
 * @param {string} file
 * @param {Endpoints} endpoints
 */
export function writeEndpoints(file, endpoints) {
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** @param {string} file */
export const removeEndpoints = (file) => rmSync(file, { force: true });
