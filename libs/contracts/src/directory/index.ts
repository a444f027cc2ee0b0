import { directoryErrors } from './errors.js';
import { directoryEvents } from './events.js';
import { exportJob } from './export.rpcs.js';
import { importJob } from './resident.rpcs.js';
import { directoryRpcs } from './rpcs.js';

export * from './errors.js';
export * from './events.js';
export * from './rpcs.js';
export * from './words.js';

export const directoryContracts = {
  events: directoryEvents,
  rpcs: directoryRpcs,
  jobs: [importJob, exportJob],
  errors: directoryErrors,
} as const;
