import { auditContracts } from './audit/index.js';
import { deadLetterRpcs } from './dead-letters.js';
import type { EventContract, JobContract, RpcContract } from './define.js';
import { commonErrors, type ErrorRow } from './errors.js';
import { identityContracts } from './identity/index.js';
import { jobRpcs } from './jobs.js';
import { services, type ServiceRow } from './services.js';
import { directoryContracts } from './directory/index.js';
import { pmsSyncContracts } from './pms-sync/index.js';
import { notificationsContracts } from './notifications/index.js';
import { onboardingContracts } from './onboarding/index.js';

/** What the folder of a service brings: `src/<service>/index.ts` exports it as `<service>Contracts`. */
export interface ServiceContracts {
  readonly events: readonly EventContract[];
  readonly rpcs: readonly RpcContract[];
  readonly jobs: readonly JobContract[];
  readonly errors: Readonly<Record<string, ErrorRow>>;
}

/** Every service that has contracts: one line each. The generator adds to it. */
const all: readonly ServiceContracts[] = [
  auditContracts,
  identityContracts,
  directoryContracts,
  pmsSyncContracts,
  notificationsContracts,
  onboardingContracts,
];

export interface Registry {
  readonly events: readonly EventContract[];
  readonly rpcs: readonly RpcContract[];
  readonly jobs: readonly JobContract[];
  readonly errorTable: Readonly<Record<string, ErrorRow>>;
  readonly eventByType: (type: string) => EventContract | undefined;
  readonly rpcByName: (name: string) => RpcContract | undefined;
  readonly jobByName: (name: string) => JobContract | undefined;
  readonly findError: (code: string) => ErrorRow | undefined;
}

/** Puts the parts together. Throws when two parts claim the same thing, so a mistake shows at the first start, not in use. */
export function collect(parts: readonly ServiceContracts[], serviceNames: readonly string[]): Registry {
  const events = index(
    parts.flatMap((part) => part.events),
    (event) => event.type,
    'event',
  );
  const rpcs = index(
    parts.flatMap((part) => part.rpcs),
    (rpc) => rpc.name,
    'rpc',
  );
  const jobs = index(
    parts.flatMap((part) => part.jobs),
    (job) => job.name,
    'job',
  );
  const tables: readonly ServiceContracts['errors'][] = [commonErrors, ...parts.map((part) => part.errors)];
  const errors = index(
    tables.flatMap((table) => Object.entries(table)),
    ([code]) => code,
    'error code',
  );
  for (const contract of [...events.values(), ...rpcs.values(), ...jobs.values()])
    if (!serviceNames.includes(contract.service))
      throw new Error(`“${contract.name}” is of the service “${contract.service}”, which has no row in services.ts; add one`);
  for (const rpc of rpcs.values())
    for (const code of rpc.errors)
      if (!errors.has(code))
        throw new Error(`“${rpc.name}” names the error “${code}”, which is in no table; add it with defineErrors`);

  return {
    events: [...events.values()],
    rpcs: [...rpcs.values()],
    jobs: [...jobs.values()],
    errorTable: Object.fromEntries(errors.values()),
    eventByType: (type) => events.get(type),
    rpcByName: (name) => rpcs.get(name),
    jobByName: (name) => jobs.get(name),
    findError: (code) => errors.get(code)?.[1],
  };
}

function index<T>(items: readonly T[], keyOf: (item: T) => string, what: string): ReadonlyMap<string, T> {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (byKey.has(key)) throw new Error(`The ${what} “${key}” is defined twice; rename one of them`);
    byKey.set(key, item);
  }
  return byKey;
}

/** What every service that owns data answers without writing it: about its jobs and its dead letters. */
function standardOf(service: string): RpcContract[] {
  return [...Object.values(jobRpcs(service)), ...Object.values(deadLetterRpcs(service))];
}

/** A service may list its standard calls itself, to use them by name; they are added where it does not. */
function withStandard(parts: readonly ServiceContracts[], table: Readonly<Record<string, ServiceRow>>): ServiceContracts[] {
  const brought = new Set(parts.flatMap((part) => part.rpcs.map((rpc) => rpc.name)));
  const owners = Object.entries(table).filter(([, row]) => row.owns);
  const missing = owners.flatMap(([service]) => standardOf(service)).filter((rpc) => !brought.has(rpc.name));
  return [...parts, { events: [], rpcs: missing, jobs: [], errors: {} }];
}

export const registry: Registry = collect(withStandard(all, services), Object.keys(services));
export const {
  events: allEvents,
  rpcs: allRpcs,
  jobs: allJobs,
  errorTable,
  eventByType,
  rpcByName,
  jobByName,
  findError,
} = registry;
