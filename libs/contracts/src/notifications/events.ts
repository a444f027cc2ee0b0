import { z } from 'zod';
import { defineEvent } from '../define.js';
import { DeliveryFacts, MessageFacts, Suppression } from './words.js';

const at = '2026-11-24T06:45:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const counts = {
  queued: 0,
  sending: 0,
  unknown: 0,
  sent: 211,
  delivered: 0,
  delayed: 0,
  bounced: 0,
  failed: 0,
  skipped: 3,
  cancelled: 0,
} as const;
const message = {
  id: `msg_${body}`,
  propertyId: `prop_${body}`,
  kind: 'composed',
  template: null,
  key: null,
  service: null,
  category: 'operational',
  channels: ['email'],
  state: 'done',
  reason: null,
  startsAt: at,
  local: '2026-11-24T16:45',
  timeZone: 'Australia/Brisbane',
  startedAt: at,
  finishedAt: at,
  reach: { people: 214, reached: 211, channels: { email: { will: 211, not: { 'no-address': 3 } } } },
  counts,
  createdBy: `staff:stf_${body}`,
  createdAt: at,
  updatedAt: at,
  version: 5,
} as const satisfies z.input<typeof MessageFacts>;
const delivery = {
  id: `dlv_${body}`,
  messageId: `msg_${body}`,
  propertyId: `prop_${body}`,
  personId: `per_${body}`,
  residentId: `res_${body}`,
  staffId: null,
  channel: 'email',
  category: 'operational',
  template: 'welcome',
  key: `invitation:${body}`,
  service: 'onboarding',
  state: 'sent',
  final: false,
  skipReason: null,
  reason: null,
  nextStep: null,
  providerReference: '250 2.0.0 Ok: queued as 4XyZ',
  attempts: 1,
  sentAt: at,
  deliveredAt: null,
  createdAt: at,
  updatedAt: at,
  version: 2,
} as const satisfies z.input<typeof DeliveryFacts>;
const suppression = {
  id: `sup_${body}`,
  channel: 'email',
  address: 'gone@example.com',
  reason: 'hard-bounce',
  detail: '550 5.1.1 User unknown',
  personIds: [`per_${body}`],
  state: 'active',
  by: 'service:notifications',
  releasedBy: null,
  releasedBecause: null,
  createdAt: at,
  updatedAt: at,
  version: 0,
} as const satisfies z.input<typeof Suppression>;

const view = 'communication.messages:view';
const aboutMessage = (name: `notifications.message.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ message: MessageFacts }), { describe, view, example: { message } });

export const messageScheduled = aboutMessage(
  'notifications.message.scheduled',
  'A message was confirmed; it goes out at `startsAt`, or waits for a person.',
);
export const messageEdited = aboutMessage('notifications.message.edited', 'A message that had not begun was replaced.');
export const messageStarted = aboutMessage('notifications.message.started', 'A message began to go out.');
export const messagePaused = aboutMessage('notifications.message.paused', 'A running message was paused.');
export const messageResumed = aboutMessage('notifications.message.resumed', 'A paused message goes on.');
export const messageWaiting = aboutMessage(
  'notifications.message.waiting',
  'A planned message waits for a person; `reason` says why.',
);
export const messageCancelled = aboutMessage(
  'notifications.message.cancelled',
  'A message was cancelled; what had gone out stays sent.',
);
export const messageFinished = aboutMessage(
  'notifications.message.finished',
  'Every delivery of a message was tried, skipped or cancelled. Bounces may still come.',
);
export const deliveryChanged = defineEvent('notifications.delivery.changed', 1, z.object({ delivery: DeliveryFacts }), {
  describe:
    'A delivery has another state: sent, skipped, failed, bounced and so on. What is only queued, or being sent this moment, is not told.',
  view,
  example: { delivery },
});
const aboutSuppression = (name: `notifications.suppression.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ suppression: Suppression }), { describe, view, example: { suppression } });
export const suppressionAdded = aboutSuppression('notifications.suppression.added', 'An address is not written to any more.');
export const suppressionReleased = aboutSuppression('notifications.suppression.released', 'An address is written to again.');

export const notificationsEvents = [
  messageScheduled,
  messageEdited,
  messageStarted,
  messagePaused,
  messageResumed,
  messageWaiting,
  messageCancelled,
  messageFinished,
  deliveryChanged,
  suppressionAdded,
  suppressionReleased,
] as const;
