import { mongoUri } from './mongo-server.js';
import { natsUrl } from './nats-server.js';

/**
 * Real servers for a suite: the mongod of the whole run (take a `freshDatabase`), and a nats-server of the suite’s own
 * without trust. LEASEWIRE_TEST_MONGODB_URI and LEASEWIRE_TEST_NATS_URL name others to use instead.
 */
export async function servers(): Promise<{ mongoUri: string; natsUrl: string }> {
  const [mongo, nats] = await Promise.all([mongoUri(), natsUrl()]);
  return { mongoUri: mongo, natsUrl: nats };
}
