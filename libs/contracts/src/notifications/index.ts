import { alertRpcs } from './alert.js';
import { consentErrors, consentEvents, consentRpcs } from './consent.js';
import { notificationsErrors } from './errors.js';
import { notificationsEvents } from './events.js';
import { receiveMailReports } from './mail-report.rpcs.js';
import { messageRpcs } from './message.rpcs.js';
import { estimateMessage, sendTemplate, withdrawMessage } from './send.rpcs.js';
import { suppressionRpcs } from './suppression.rpcs.js';
import { templateErrors, templateEvents } from './template.events.js';
import { templateRpcs } from './template.rpcs.js';

export * from './alert.js';
export * from './consent.js';
export * from './errors.js';
export * from './events.js';
export * from './mail-report.rpcs.js';
export * from './message.rpcs.js';
export * from './send.rpcs.js';
export * from './suppression.rpcs.js';
export * from './template.events.js';
export * from './template.js';
export * from './template.rpcs.js';
export * from './words.js';

export const notificationsContracts = {
  events: [...notificationsEvents, ...consentEvents, ...templateEvents],
  rpcs: [
    sendTemplate,
    withdrawMessage,
    estimateMessage,
    receiveMailReports,
    ...messageRpcs,
    ...suppressionRpcs,
    ...consentRpcs,
    ...templateRpcs,
    ...alertRpcs,
  ],
  jobs: [],
  errors: { ...notificationsErrors, ...consentErrors, ...templateErrors },
} as const;
