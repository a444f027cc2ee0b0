import { z } from 'zod';
import { defineRoutes, openRoute } from '../routing/route.js';
import { UnsubscribeHandlers } from './unsubscribe.handlers.js';

const PageInput = z.object({ token: z.string() });
/** What a mailbox posts (RFC 8058), or the page’s own form. */
export const UnsubscribeForm = z.object({
  token: z.string(),
  'List-Unsubscribe': z.string().max(100).optional(),
  choice: z.string().max(100).optional(),
});
const page = { type: 'text/html', describe: 'A page' } as const;

export const unsubscribeRoutes = defineRoutes('Unsubscribe', 'The pages at the end of mails.', [
  openRoute(
    'GET',
    '/u/:token',
    {
      operationId: 'showUnsubscribePage',
      summary: 'The page behind the link of a mail',
      input: PageInput,
      replies: [{ status: 200, ...page }],
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(UnsubscribeHandlers);
      return (exchange, input) => handlers.show(exchange, input);
    },
  ),
  openRoute(
    'POST',
    '/u/:token',
    {
      operationId: 'unsubscribe',
      summary: 'The button of the mailbox, and the form of that page',
      input: UnsubscribeForm,
      replies: [{ status: 200, ...page }],
      body: 'form',
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(UnsubscribeHandlers);
      return (exchange, input) => handlers.act(exchange, input);
    },
  ),
]);
