import {
  finishInboundText,
  getConsentStanding,
  listConsents,
  listInboundTexts,
  optOutByText,
  recordConsent,
} from '@leasewire/contracts';
import { defineRoutes, get, post } from '../routing/route.js';

export const consentRoutes = defineRoutes(
  'Consent',
  'Who agreed to be written to, who does not want it, and what people text back.',
  [
    get('/consents', listConsents, { summary: 'The consent ledger' }),
    get('/consents/standing', getConsentStanding, { summary: 'What counts for somebody now' }),
    post('/consents', recordConsent, { summary: 'Record what somebody said', status: 201 }),
    get('/inbound-texts', listInboundTexts, { summary: 'Texts that people sent' }),
    post('/inbound-texts/:inboundTextId/opt-out', optOutByText, { summary: 'Record that this text asks not to be texted' }),
    post('/inbound-texts/:inboundTextId/finish', finishInboundText, { summary: 'Mark a text as dealt with' }),
  ],
);
