/**
 * Moleculer with moleculer-web and the same checks: a signed token (Ed25519, remembered once verified), the permission of
 * the route, a rate limit that is told in headers, input validation; its service verifies the token and the permission again,
 * as the owner of the data does here. With BENCH_ACCESS_LOG it writes one line of each request, by pino, as ours does; it
 * keeps no metrics, so it does a little less than ours all the same.
 */
import moleculer from 'moleculer';
import web from 'moleculer-web';
import { permits, verified } from './moleculer-checks.mjs';

const { ServiceBroker } = moleculer;
const logs = process.env.BENCH_ACCESS_LOG === '1';
const broker = new ServiceBroker({
  nodeID: 'bench-gateway',
  transporter: process.env.BENCH_NATS,
  requestTimeout: 5000,
  ...(logs ? { logger: { type: 'Pino', options: { level: 'info' } } } : { logLevel: 'error' }),
});
broker.createService({
  name: 'api',
  mixins: [web],
  settings: {
    port: Number(process.env.BENCH_PORT),
    ip: '127.0.0.1',
    logRequest: null,
    logResponse: logs ? 'info' : null,
    rateLimit: { window: 60_000, limit: 1e9, headers: true, key: (request) => request.headers.authorization },
    routes: [
      {
        path: '/v1',
        authorization: true,
        bodyParsers: { json: { strict: true, limit: '1MB' } },
        aliases: { 'GET staff': 'staff.list', 'POST staff': 'staff.invite' },
      },
    ],
  },
  methods: {
    authorize(ctx, _route, request) {
      const token = (request.headers.authorization ?? '').slice('Bearer '.length);
      const claims = verified(token);
      if (!claims) throw new web.Errors.UnAuthorizedError(web.Errors.ERR_INVALID_TOKEN);
      if (!permits(request.method === 'GET' ? 'view' : 'full')) throw new web.Errors.ForbiddenError();
      ctx.meta.token = token;
      ctx.meta.actor = claims.sub;
    },
  },
});
await broker.start();
await broker.waitForServices('staff');
console.log('ready');
