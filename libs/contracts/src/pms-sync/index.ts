import { pmsSyncErrors } from './errors.js';
import { pmsSyncEvents } from './events.js';
import { pmsSyncRpcs, syncJob } from './rpcs.js';

export * from './errors.js';
export * from './events.js';
export * from './import.rpcs.js';
export * from './rpcs.js';
export * from './words.js';

export const pmsSyncContracts = { events: pmsSyncEvents, rpcs: pmsSyncRpcs, jobs: [syncJob], errors: pmsSyncErrors } as const;
