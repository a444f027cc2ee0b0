/**
 * Moleculer with moleculer-web and the same checks: a signed token (Ed25519, remembered once verified), the permission of
 * the route, input validation. It counts no rate limits and writes no access log, so it does a little less than ours.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import moleculer from 'moleculer';
import web from 'moleculer-web';
import { permissions } from './payloads.mjs';

const { ServiceBroker } = moleculer;
const key = createPublicKey({ key: Buffer.from(process.env.BENCH_TOKEN_KEY, 'base64'), format: 'der', type: 'spki' });
const known = new Map();
function verified(token) {
  const hash = createHash('sha256').update(token).digest('base64');
  let claims = known.get(hash);
  if (!claims) {
    const [payload, signature] = token.split('.');
    if (!verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64url'))) return null;
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    known.set(hash, claims);
  }
  return claims.exp * 1000 > Date.now() ? claims : null;
}
const rank = { none: 0, view: 1, full: 2 };

const broker = new ServiceBroker({
  nodeID: 'bench-gateway',
  transporter: process.env.BENCH_NATS,
  requestTimeout: 5000,
  logLevel: 'error',
});
broker.createService({
  name: 'api',
  mixins: [web],
  settings: {
    port: Number(process.env.BENCH_PORT),
    ip: '127.0.0.1',
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
      const claims = verified((request.headers.authorization ?? '').slice('Bearer '.length));
      if (!claims) throw new web.Errors.UnAuthorizedError(web.Errors.ERR_INVALID_TOKEN);
      const needed = request.method === 'GET' ? 'view' : 'full';
      if (rank[permissions['accounts.staff'] ?? 'none'] < rank[needed]) throw new web.Errors.ForbiddenError();
      ctx.meta.actor = claims.sub;
    },
  },
});
await broker.start();
await broker.waitForServices('staff');
console.log('ready');
