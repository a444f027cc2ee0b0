/** The same stub as a Moleculer service, with Moleculer's own validation of the input. */
import { Errors, ServiceBroker } from 'moleculer';
import { permits, verified } from './moleculer-checks.mjs';
import { oneKilobyte, page } from './payloads.mjs';

const broker = new ServiceBroker({
  nodeID: 'bench-service',
  transporter: process.env.BENCH_NATS,
  requestTimeout: 5000,
  logLevel: 'error',
});
broker.createService({
  name: 'staff',
  hooks: {
    before: {
      '*': (ctx) => {
        if (!verified(ctx.meta.token)) throw new Errors.MoleculerClientError('Who asks?', 401);
        if (!permits(ctx.action.rawName === 'list' ? 'view' : 'full')) throw new Errors.MoleculerClientError('Not allowed', 403);
      },
    },
  },
  actions: {
    list: {
      params: {
        limit: { type: 'number', convert: true, default: 50, min: 1, max: 200 },
        sort: { type: 'string', optional: true },
      },
      handler: () => page,
    },
    invite: {
      params: {
        email: { type: 'email', normalize: true },
        name: { type: 'string', trim: true, min: 1, max: 120 },
        locale: { type: 'string', pattern: /^[a-z]{2,3}(-[A-Z]{2})?$/ },
        roleIds: { type: 'array', items: { type: 'string', pattern: /^rol_[0-9a-hjkmnp-tv-z]{26}$/ }, min: 1, max: 20 },
        properties: { type: 'equal', value: 'all' },
      },
      handler: () => oneKilobyte,
    },
  },
});
await broker.start();
console.log('ready');
