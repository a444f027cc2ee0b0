import { identityErrors } from './errors.js';
import { identityEvents } from './events.js';
import { identityRpcs } from './rpcs.js';

export * from './errors.js';
export * from './events.js';
export * from './heartbeat.js';
export * from './resident.events.js';
export * from './resident.rpcs.js';
export * from './resident.words.js';
export * from './rpcs.js';
export * from './words.js';

export const identityContracts = { events: identityEvents, rpcs: identityRpcs, jobs: [], errors: identityErrors } as const;
