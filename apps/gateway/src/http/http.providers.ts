import type { Clock } from '@leasewire/messaging';
import { CLOCK, CONFIG, Logger, Metrics } from '@leasewire/service-kit';
import type { Provider } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config.js';
import { ResidentCookies } from '../resident-pages/resident-cookies.js';
import { SessionCookie } from '../sessions/cookie.js';
import { OwnOrigins } from '../sessions/origin.js';
import { Addresses } from './addresses.js';
import { Cors } from './cors.js';
import { RequestLog } from './request-log.js';
import { Responder } from './responder.js';

export const isSecure = (config: GatewayConfig): boolean => config.LEASEWIRE_PUBLIC_URL.startsWith('https:');

export const httpProviders: Provider[] = [
  {
    provide: Addresses,
    inject: [CONFIG],
    useFactory: (config: GatewayConfig) => new Addresses(config.LEASEWIRE_TRUSTED_PROXIES),
  },
  { provide: Cors, inject: [CONFIG], useFactory: (config: GatewayConfig) => new Cors(config.LEASEWIRE_CORS_ORIGINS) },
  {
    provide: RequestLog,
    inject: [Metrics, Logger, CLOCK, CONFIG],
    useFactory: (metrics: Metrics, logger: Logger, clock: Clock, config: GatewayConfig) =>
      new RequestLog(metrics, logger, clock, config.LEASEWIRE_ACCESS_LOG),
  },
  {
    provide: Responder,
    inject: [CONFIG, Cors, RequestLog, Logger],
    useFactory: (config: GatewayConfig, cors: Cors, requests: RequestLog, log: Logger) =>
      new Responder(isSecure(config), cors, requests, log),
  },
  { provide: SessionCookie, inject: [CONFIG], useFactory: (config: GatewayConfig) => new SessionCookie(isSecure(config)) },
  { provide: ResidentCookies, inject: [CONFIG], useFactory: (config: GatewayConfig) => new ResidentCookies(isSecure(config)) },
  {
    provide: OwnOrigins,
    inject: [CONFIG],
    useFactory: (config: GatewayConfig) => new OwnOrigins(config.LEASEWIRE_PUBLIC_URL, config.LEASEWIRE_CORS_ORIGINS),
  },
];
