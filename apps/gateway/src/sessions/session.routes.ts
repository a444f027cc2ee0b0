import { endSession, endSessions, listSessions, refreshSession, signIn, SignedIn } from '@leasewire/contracts';
import { defineRoutes, del, get, nothing, openRoute } from '../routing/route.js';
import { SessionHandlers } from './session.handlers.js';

/** What the gateway itself knows is not asked for. */
export const SignInInput = signIn.input.omit({ address: true, userAgent: true });
const Welcome = SignedIn.omit({ refreshToken: true }).meta({ id: 'SessionStarted' });
const cookieSet = { 'Set-Cookie': 'The refresh token: HttpOnly, SameSite=Strict, for /v1/sessions only' };

export const sessionRoutes = defineRoutes('Sessions', 'Signing in and out, and what is signed in.', [
  openRoute(
    'POST',
    '/v1/sessions',
    {
      operationId: 'signIn',
      summary: 'Sign in',
      description:
        'Gives an access token for `Authorization: Bearer …`, good for some minutes, and sets a cookie with which a browser gets the next one. Answers take the same time and say the same whether the account exists or not.',
      limit: 'sign-in',
      input: SignInInput,
      replies: [
        {
          status: 201,
          describe: 'Signed in',
          type: 'application/json',
          schema: Welcome,
          headers: { ...cookieSet, Location: 'The session' },
        },
      ],
      errors: [...signIn.errors, 'origin.refused'],
    },
    (resolve) => {
      const handlers = resolve(SessionHandlers);
      return (exchange, input) => handlers.signIn(exchange, input);
    },
  ),
  openRoute(
    'POST',
    '/v1/sessions/refresh',
    {
      operationId: 'refreshSession',
      summary: 'The next access token, by the cookie',
      description: 'The cookie is replaced at each use. Using an old one again ends the session: somebody has copied it.',
      input: nothing,
      replies: [
        {
          status: 200,
          describe: 'A new access token',
          type: 'application/json',
          schema: Welcome,
          headers: { ...cookieSet, Location: 'The session' },
        },
      ],
      errors: [...refreshSession.errors, 'unauthenticated', 'origin.refused'],
      cookie: true,
    },
    (resolve) => {
      const handlers = resolve(SessionHandlers);
      return (exchange) => handlers.refresh(exchange);
    },
  ),
  openRoute(
    'DELETE',
    '/v1/sessions/current',
    {
      operationId: 'signOut',
      summary: 'Sign out',
      description:
        'Ends the session of the access token, or of the cookie where there is no token or it holds no more, and clears the cookie.',
      input: nothing,
      replies: [{ status: 204, describe: 'Signed out', type: 'none', headers: { 'Set-Cookie': 'Empties the cookie' } }],
      errors: ['unauthenticated', 'origin.refused', 'not-found'],
      cookie: true,
    },
    (resolve) => {
      const handlers = resolve(SessionHandlers);
      return (exchange) => handlers.signOut(exchange);
    },
  ),
  get('/sessions', listSessions, { summary: 'Open sessions' }),
  del('/sessions', endSessions, { summary: 'End all sessions', description: endSessions.describe }),
  del('/sessions/:sessionId', endSession, { summary: 'End a session', status: 204 }),
]);
