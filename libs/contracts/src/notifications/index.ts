import { notificationsErrors } from './errors.js';
import { notificationsEvents } from './events.js';
import { messageRpcs } from './message.rpcs.js';
import { estimateMessage, sendTemplate, withdrawMessage } from './send.rpcs.js';
import { suppressionRpcs } from './suppression.rpcs.js';

export * from './errors.js';
export * from './events.js';
export * from './message.rpcs.js';
export * from './send.rpcs.js';
export * from './suppression.rpcs.js';
export * from './words.js';

export const notificationsContracts = {
  events: notificationsEvents,
  rpcs: [sendTemplate, withdrawMessage, estimateMessage, ...messageRpcs, ...suppressionRpcs],
  jobs: [],
  errors: notificationsErrors,
} as const;
