import { acceptLink, requestPasswordReset, showLink } from '@leasewire/contracts';
import { z } from 'zod';
import { defineRoutes, openRoute } from '../routing/route.js';
import { LinkHandlers } from './link.handlers.js';

export const TokenInput = showLink.input;
export const AcceptInput = acceptLink.input;
export const ResetInput = requestPasswordReset.input.omit({ address: true, userAgent: true });
/** What the page's form sends; what is wrong with it is told on the page, so nearly anything is taken. */
export const AcceptForm = z.object({
  token: z.string(),
  password: z.string().max(2000).default(''),
  repeated: z.string().max(2000).default(''),
  name: z.string().max(2000).optional(),
  username: z.string().max(2000).optional().describe('For password managers; not used'),
});
const PageInput = z.object({ token: z.string() });
const page = { type: 'text/html', describe: 'A page' } as const;

export const linkRoutes = defineRoutes('Links', 'Links by which invited staff join and passwords are set anew.', [
  openRoute(
    'GET',
    '/v1/links/:token',
    {
      operationId: 'showLink',
      summary: 'What a link is for',
      description: 'Looking changes nothing.',
      limit: 'sign-in',
      input: TokenInput,
      replies: [{ status: 200, describe: 'What it is for', type: 'application/json', schema: showLink.output }],
      errors: showLink.errors,
    },
    (resolve) => {
      const handlers = resolve(LinkHandlers);
      return (exchange, input) => handlers.show(exchange, input);
    },
  ),
  openRoute(
    'POST',
    '/v1/links/:token/accept',
    {
      operationId: 'acceptLink',
      summary: 'Set the password a link asks for',
      limit: 'sign-in',
      input: AcceptInput,
      replies: [
        { status: 200, describe: 'The staff member, who can sign in now', type: 'application/json', schema: acceptLink.output },
      ],
      errors: acceptLink.errors,
    },
    (resolve) => {
      const handlers = resolve(LinkHandlers);
      return (exchange, input) => handlers.accept(exchange, input);
    },
  ),
  openRoute(
    'POST',
    '/v1/password-resets',
    {
      operationId: 'requestPasswordReset',
      summary: 'Ask for a link to set a new password',
      description: 'The answer is the same whether the account exists or not.',
      limit: 'sign-in',
      input: ResetInput,
      replies: [{ status: 204, describe: 'If the account exists, a link is on its way', type: 'none' }],
      errors: requestPasswordReset.errors,
    },
    (resolve) => {
      const handlers = resolve(LinkHandlers);
      return (exchange, input) => handlers.requestReset(exchange, input);
    },
  ),
  openRoute(
    'GET',
    '/staff-link/:token',
    {
      operationId: 'showLinkPage',
      summary: 'The page behind a link',
      limit: 'sign-in',
      input: PageInput,
      replies: [{ status: 200, ...page }],
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(LinkHandlers);
      return (exchange, input) => handlers.showPage(exchange, input);
    },
  ),
  openRoute(
    'POST',
    '/staff-link/:token',
    {
      operationId: 'submitLinkPage',
      summary: 'The form on that page',
      limit: 'sign-in',
      input: AcceptForm,
      replies: [{ status: 200, ...page }],
      body: 'form',
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(LinkHandlers);
      return (exchange, input) => handlers.submitPage(exchange, input);
    },
  ),
]);
