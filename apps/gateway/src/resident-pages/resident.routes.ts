import { z } from 'zod';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { defineRoutes, nothing, openRoute, type Resolve } from '../routing/route.js';
import { ActivationHandlers } from './activation.handlers.js';
import { failedPage } from './failed-page.js';
import { MailedLinkHandlers } from './mailed-link.handlers.js';
import { MyHandlers } from './my.handlers.js';
import { SignInHandlers } from './sign-in.handlers.js';

/** What forms send. What is wrong with it is told on the page, so nearly anything is taken; without a form nothing is done. */
const text = z.string().max(2000).default('');
const username = text.describe('For password managers; not used');
const Token = z.object({ token: z.string() });
const JustForm = z.object({ form: text });
const language = text.describe('The one that was picked on the page');
export const ActivationQuery = Token.extend({ language });
export const ActivationForm = Token.extend({
  ...{ form: text, username, password: text, repeated: text, terms: text, texts: text },
  language,
});
export const StopForm = Token.extend({ form: text, stop: text, language });
export const ForgotForm = z.object({ form: text, email: text });
export const ResetForm = Token.extend({ form: text, username, password: text, repeated: text });
export const ConfirmForm = Token.extend({ form: text, username, password: text });
export const SignInForm = z.object({ form: text, email: text, password: text });
export const ChooseForm = z.object({ form: text, choice: text, person: text });
export const EmailForm = z.object({ form: text, newEmail: text, emailPassword: text });
export const PasswordForm = z.object({ form: text, username, current: text, password: text, repeated: text });
export const SessionForm = z.object({ form: text, session: text });
export const TextsForm = z.object({ form: text, texts: text });
export const LanguageForm = z.object({ form: text, language: text });
export const ClosingForm = z.object({ form: text, closePassword: text });
export const LookForm = Token.extend({ form: text });

const replies = [{ status: 200, type: 'text/html', describe: 'A page' }] as const;

/** Pages are open to anyone who has the link or the cookie, count as tries to sign in unless it is said otherwise, and say on a page what went wrong. */
function page<I extends z.ZodObject>(
  method: 'GET' | 'POST',
  path: string,
  operationId: string,
  input: I,
  handler: (resolve: Resolve) => (exchange: Exchange, input: z.output<I>) => Answered | Promise<Answered>,
  limit: 'sign-in' | 'address' = 'sign-in',
) {
  return openRoute(
    method,
    path,
    { operationId, summary: operationId, limit, input, replies, body: 'form', documented: false, failed: failedPage },
    handler,
  );
}

const activation = (resolve: Resolve): ActivationHandlers => resolve(ActivationHandlers);
const mailed = (resolve: Resolve): MailedLinkHandlers => resolve(MailedLinkHandlers);
const signIn = (resolve: Resolve): SignInHandlers => resolve(SignInHandlers);
const my = (resolve: Resolve): MyHandlers => resolve(MyHandlers);

export const residentPageRoutes = defineRoutes(
  'Resident pages',
  'Pages for residents: activation, sign-in and their own account.',
  [
    page(
      'GET',
      '/activate/:token',
      'showActivationPage',
      ActivationQuery,
      (r) => (x, input) => activation(r).show(x, input),
      'address',
    ),
    page(
      'POST',
      '/activate/:token',
      'submitActivationPage',
      ActivationForm,
      (r) => (x, input) => activation(r).activate(x, input),
    ),
    page(
      'POST',
      '/activate/:token/no-reminders',
      'submitNoReminders',
      StopForm,
      (r) => (x, input) => activation(r).stopReminders(x, input),
    ),
    page('GET', '/password/forgot', 'showForgotPage', nothing, (r) => (x) => mailed(r).showForgot(x), 'address'),
    page('POST', '/password/forgot', 'submitForgotPage', ForgotForm, (r) => (x, input) => mailed(r).forgot(x, input)),
    page(
      'GET',
      '/password/:token',
      'showResetPage',
      Token,
      (r) =>
        (x, { token }) =>
          mailed(r).showReset(x, token),
    ),
    page('POST', '/password/:token', 'submitResetPage', ResetForm, (r) => (x, input) => mailed(r).reset(x, input)),
    page(
      'GET',
      '/email/:token',
      'showEmailPage',
      Token,
      (r) =>
        (x, { token }) =>
          mailed(r).showConfirm(x, token),
    ),
    page('POST', '/email/:token', 'submitEmailPage', ConfirmForm, (r) => (x, input) => mailed(r).confirm(x, input)),
    page(
      'GET',
      '/sign-in',
      'showSignInPage',
      z.object({ said: z.enum(['signed-out', 'session-over']).optional().catch(undefined) }),
      (r) =>
        (x, { said }) =>
          signIn(r).show(x, said),
      'address',
    ),
    page('POST', '/sign-in', 'submitSignInPage', SignInForm, (r) => (x, input) => signIn(r).signIn(x, input)),
    page('POST', '/sign-in/choose', 'submitChoicePage', ChooseForm, (r) => (x, input) => signIn(r).choose(x, input)),
    page('GET', '/my', 'showMyPage', nothing, (r) => (x) => my(r).home(x), 'address'),
    page(
      'GET',
      '/my/account',
      'showMyAccountPage',
      z.object({
        said: z.enum(['password-changed', 'sessions-ended', 'texts-saved', 'language-saved']).optional().catch(undefined),
      }),
      (r) =>
        (x, { said }) =>
          my(r).account(x, said),
      'address',
    ),
    page('POST', '/my/email', 'submitMyEmail', EmailForm, (r) => (x, input) => my(r).changeEmail(x, input)),
    page('POST', '/my/password', 'submitMyPassword', PasswordForm, (r) => (x, input) => my(r).changePassword(x, input)),
    page('POST', '/my/texts', 'submitMyTexts', TextsForm, (r) => (x, input) => my(r).changeTexts(x, input)),
    page('POST', '/my/language', 'submitMyLanguage', LanguageForm, (r) => (x, input) => my(r).changeLanguage(x, input)),
    page('POST', '/my/sessions', 'submitMySessions', SessionForm, (r) => (x, input) => my(r).endSession(x, input)),
    page('POST', '/my/close', 'submitMyClosing', ClosingForm, (r) => (x, input) => my(r).close(x, input)),
    page(
      'POST',
      '/my/sign-out',
      'submitMySignOut',
      JustForm,
      (r) =>
        (x, { form }) =>
          my(r).signOut(x, form),
      'address',
    ),
    page(
      'GET',
      '/my/look/:token',
      'showLookPage',
      Token,
      (r) =>
        (x, { token }) =>
          my(r).showLook(x, token),
    ),
    page('POST', '/my/look/:token', 'submitLookPage', LookForm, (r) => (x, input) => my(r).beginLook(x, input)),
    page(
      'POST',
      '/my/look-end',
      'submitLookEnd',
      JustForm,
      (r) =>
        (x, { form }) =>
          my(r).endLook(x, form),
      'address',
    ),
  ],
);
