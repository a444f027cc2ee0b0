import { z } from 'zod';
import { defineEvent } from '../define.js';
import { defineErrors } from '../errors.js';
import { ConsentFacts, InboundTextFacts } from './consent.words.js';

export * from './consent.rpcs.js';
export * from './consent.words.js';

export const consentErrors = defineErrors({
  'consent.stopped': {
    status: 409,
    describe: 'They texted STOP, and carriers let nobody but themselves undo that: they must text START.',
  },
  'consent.future': { status: 422, describe: 'What was said must have been said before now.' },
  'unsubscribe.invalid': { status: 404, describe: 'The link is not complete, or not one of ours.' },
  'webhook.forged': { status: 403, describe: 'The signature is not that of Twilio for this address.' },
  'sms.off': { status: 404, describe: 'This deployment sends no texts.' },
});

const at = '2026-11-24T06:45:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const view = 'communication.messages:view';

export const consentRecorded = defineEvent('notifications.consent.recorded', 1, z.object({ consent: ConsentFacts }), {
  describe: 'Somebody agreed to be written to, or refused it.',
  view,
  example: {
    consent: {
      id: `cns_${body}`,
      personId: `per_${body}`,
      channel: 'sms',
      category: 'operational',
      answer: 'granted',
      how: 'written',
      at,
      by: `staff:stf_${body}`,
      recordedAt: at,
      version: 0,
    },
  },
});
export const inboundTextChanged = defineEvent('notifications.inbound-text.changed', 1, z.object({ text: InboundTextFacts }), {
  describe: 'Somebody sent us a text, or a person dealt with it. What it says is not told.',
  view,
  example: {
    text: {
      id: `txt_${body}`,
      reading: 'maybe-opt-out',
      state: 'waiting',
      personIds: [`per_${body}`],
      receivedAt: at,
      doneBy: null,
      version: 0,
    },
  },
});
export const consentEvents = [consentRecorded, inboundTextChanged] as const;
