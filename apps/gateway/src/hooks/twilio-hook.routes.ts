import { z } from 'zod';
import { defineRoutes, openRoute } from '../routing/route.js';
import { TwilioHookHandlers } from './twilio-hook.handlers.js';

/** Twilio adds parameters without notice, and its signature is over all of them: whatever comes is taken. */
export const TwilioForm = z.looseObject({});
export const TwilioStatusForm = TwilioForm.extend({ reference: z.string().max(100) });

export const twilioHookRoutes = defineRoutes(
  'Webhooks of providers',
  'What providers tell us. Each proves itself by its signature.',
  [
    openRoute(
      'POST',
      '/v1/hooks/twilio/status/:reference',
      {
        operationId: 'twilioStatus',
        summary: 'Twilio: what became of a text',
        limit: 'none',
        input: TwilioStatusForm,
        replies: [{ status: 204, describe: 'Noted', type: 'none' }],
        body: 'form',
        documented: false,
      },
      (resolve) => {
        const handlers = resolve(TwilioHookHandlers);
        return (exchange, input) => handlers.status(exchange, input);
      },
    ),
    openRoute(
      'POST',
      '/v1/hooks/twilio/inbound',
      {
        operationId: 'twilioInbound',
        summary: 'Twilio: somebody sent a text',
        limit: 'none',
        input: TwilioForm,
        replies: [{ status: 200, describe: 'Noted', type: 'none' }],
        body: 'form',
        documented: false,
      },
      (resolve) => {
        const handlers = resolve(TwilioHookHandlers);
        return (exchange, input) => handlers.inbound(exchange, input);
      },
    ),
  ],
);
