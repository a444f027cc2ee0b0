import { Health } from '@leasewire/service-kit';
import { json } from '../routing/answer.js';
import { defineRoutes, nothing, openRoute } from '../routing/route.js';

/** For load balancers that only reach this port; the full report is on the port for operations. */
export const healthRoutes = defineRoutes('Health', 'For load balancers.', [
  openRoute(
    'GET',
    '/health/live',
    {
      operationId: 'isLive',
      summary: 'The process runs',
      limit: 'none',
      input: nothing,
      replies: [{ status: 200, describe: 'It runs', type: 'application/json' }],
      documented: false,
    },
    () => () => json(200, { live: true }),
  ),
  openRoute(
    'GET',
    '/health/ready',
    {
      operationId: 'isReady',
      summary: 'It can work',
      limit: 'none',
      input: nothing,
      replies: [{ status: 200, describe: 'It can', type: 'application/json' }],
      documented: false,
    },
    (resolve) => {
      const health = resolve(Health);
      return async () => {
        const { ready } = await health.report();
        return json(ready ? 200 : 503, { ready });
      };
    },
  ),
]);
