import { Background, CONFIG, Metrics } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import { FileHandlers } from './files/file.handlers.js';
import { authProviders } from './auth/auth.providers.js';
import { CallerCache } from './auth/caller-cache.js';
import { IdentityWatch } from './auth/identity-watch.js';
import { ApiDocument } from './docs/api-document.js';
import { DocsHandlers } from './docs/docs.handlers.js';
import { eventProviders } from './events/event.providers.js';
import { OpenStreams } from './events/open-streams.js';
import { StreamTails } from './events/tails.js';
import { WebhookHandlers } from './connections/webhook.handlers.js';
import type { GatewayConfig } from './gateway.config.js';
import { MailHookHandlers } from './hooks/mail-hook.handlers.js';
import { TwilioHookHandlers } from './hooks/twilio-hook.handlers.js';
import { httpProviders } from './http/http.providers.js';
import { ImportHandlers } from './imports/import.handlers.js';
import { JobHandlers } from './jobs/job.handlers.js';
import { LinkHandlers } from './links/link.handlers.js';
import { PasswordPage } from './links/password-page.js';
import { Gossiper } from './rate-limit/gossip.js';
import { Limiter } from './rate-limit/limiter.js';
import { rateLimitProviders } from './rate-limit/rate-limit.providers.js';
import { ActivationHandlers } from './resident-pages/activation.handlers.js';
import { Entrance } from './resident-pages/entrance.js';
import { FormGuard } from './resident-pages/form-guard.js';
import { MailedLinkHandlers } from './resident-pages/mailed-link.handlers.js';
import { MyHandlers } from './resident-pages/my.handlers.js';
import { ResidentVisits } from './resident-pages/resident-visits.js';
import { SignInHandlers } from './resident-pages/sign-in.handlers.js';
import { TextConsents } from './resident-pages/text-consents.js';
import { MissingHandlers } from './residents/missing.handlers.js';
import { routeGroups } from './routes.js';
import { SessionCookie } from './sessions/cookie.js';
import { SessionHandlers } from './sessions/session.handlers.js';
import { UnsubscribeHandlers } from './unsubscribe/unsubscribe.handlers.js';
import { UnsubscribePage } from './unsubscribe/unsubscribe-page.js';

const apiVersion = '1.0.0';

@Module({
  providers: [
    ...authProviders,
    ...eventProviders,
    ...httpProviders,
    ...rateLimitProviders,
    {
      provide: ApiDocument,
      inject: [CONFIG, SessionCookie],
      useFactory: (config: GatewayConfig, cookie: SessionCookie) =>
        new ApiDocument(() => routeGroups, {
          publicUrl: config.LEASEWIRE_PUBLIC_URL,
          version: apiVersion,
          cookieName: cookie.name,
        }),
    },
    ActivationHandlers,
    FileHandlers,
    DocsHandlers,
    ImportHandlers,
    Entrance,
    FormGuard,
    JobHandlers,
    LinkHandlers,
    MailedLinkHandlers,
    MailHookHandlers,
    MissingHandlers,
    MyHandlers,
    PasswordPage,
    ResidentVisits,
    SessionHandlers,
    SignInHandlers,
    TextConsents,
    TwilioHookHandlers,
    UnsubscribeHandlers,
    UnsubscribePage,
    WebhookHandlers,
  ],
})
export class GatewayModule {
  constructor(
    background: Background,
    tails: StreamTails,
    watch: IdentityWatch,
    gossiper: Gossiper,
    metrics: Metrics,
    streams: OpenStreams,
    callers: CallerCache,
    limiter: Limiter,
  ) {
    background.add('streams', tails);
    background.add('identity', watch);
    background.add('rate limits', gossiper);
    metrics.gauged('leasewire_gateway_streams', 'Open streams and waiting requests', null, () => ({ all: streams.size }));
    metrics.gauged('leasewire_gateway_callers', 'Callers that are remembered', null, () => ({ all: callers.size }));
    metrics.gauged('leasewire_gateway_limit_keys', 'Keys that requests are counted under', null, () => ({
      all: limiter.counters.size,
    }));
  }
}
