import { MailReports, receiveMailReports } from '@leasewire/contracts';
import { defineRoutes, nothing, openRoute } from '../routing/route.js';
import { MailHookHandlers } from './mail-hook.handlers.js';

const mostBytes = 300_000;

export const mailHookRoutes = defineRoutes('Mail providers', 'Where a provider of mail tells what became of mails.', [
  openRoute(
    'POST',
    '/v1/hooks/mail',
    {
      operationId: 'receiveMailReports',
      summary: 'Where a mail provider tells what became of mails',
      description:
        'Delivered, delayed, bounced, called spam. The same as a report to the return path: the delivery moves forward, a dead address is written to no more. Tell things twice or in any order as you like. `leasewire-timestamp` is the time in seconds, `leasewire-signature` the base64 of HMAC-SHA256 over `timestamp.body`, keyed with LEASEWIRE_MAIL_REPORT_SECRET; it is good for five minutes. Until this answers 200, tell it again.',
      limit: 'none',
      input: nothing,
      body: 'signed',
      signs: MailReports,
      bodyLimit: mostBytes,
      replies: [{ status: 200, describe: 'Noted', type: 'application/json', schema: receiveMailReports.output }],
      errors: receiveMailReports.errors,
    },
    (resolve) => {
      const handlers = resolve(MailHookHandlers);
      return (exchange) => handlers.reports(exchange);
    },
  ),
]);
