import { Assertions, RpcClient } from '@leasewire/messaging';
import { CONFIG, type ServiceDefinition } from '@leasewire/service-kit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authenticator } from './auth/authenticator.js';
import { EventHandlers } from './events/events.handlers.js';
import { gatewayConfig, type GatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { Addresses } from './http/addresses.js';
import { Cors } from './http/cors.js';
import { GatewayAdapter } from './http/gateway-adapter.js';
import { isUnused, mountRoutes } from './http/mount.js';
import { Pipeline } from './http/pipeline.js';
import { Responder } from './http/responder.js';
import { Limiter } from './rate-limit/limiter.js';
import { routes } from './routes.js';

export const gateway: ServiceDefinition = {
  name: 'gateway',
  module: GatewayModule,
  config: gatewayConfig,
  database: false,
  http: {
    adapter: () => new GatewayAdapter(),
    setup: mount,
    beforeClose: (app) => {
      app.get(EventHandlers).endAll();
    },
  },
};

function mount(app: NestFastifyApplication): void {
  const adapter = app.getHttpAdapter();
  if (!(adapter instanceof GatewayAdapter)) throw new Error('the gateway runs on its own adapter');
  const responder = app.get(Responder);
  const cors = app.get(Cors);
  const pipeline = new Pipeline(
    app.get(Authenticator),
    app.get(Limiter),
    app.get(Addresses),
    app.get(RpcClient),
    app.get(Assertions),
    responder,
    (token) => app.get(token),
  );
  const { LEASEWIRE_BODY_LIMIT: bodyLimit } = app.get<GatewayConfig>(CONFIG);
  const unrouted = mountRoutes(adapter.getInstance(), { routes, pipeline, responder, cors, bodyLimit });
  adapter.failsBy((request, reply, error) => {
    // Fastify stumbles over the body of a method that nothing here takes, before it looks for a route
    if (isUnused(request.raw.method)) unrouted(request, reply);
    else responder.failEarly(request, reply, error);
  });
}
