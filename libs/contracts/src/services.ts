/**
 * The services and what each may do on NATS: whom it calls and whose events it reads. The broker's allow-lists are made
 * from this table, so a service that is not listed as a caller cannot call, whatever its code says.
 */
export interface ServiceRow {
  /** Whose rpc it calls. */
  readonly calls: readonly string[] | 'all';
  /** Whose events it reads with durable handlers. */
  readonly reads: readonly string[] | 'all';
  /** Reads streams without a durable consumer, from any position (the gateway's live updates and feed). */
  readonly tails?: 'all';
  /** Sees the dead letters of everybody, to tell staff of them; it can neither replay nor drop any. */
  readonly watchesDeadLetters?: true;
  /** It owns a database and a stream. The gateway does not. */
  readonly owns: boolean;
}

export const services = {
  gateway: { calls: 'all', reads: [], tails: 'all', owns: false },
  identity: { calls: ['notifications'], reads: ['directory'], owns: true },
  audit: { calls: [], reads: 'all', owns: true },
  directory: { calls: [], reads: ['identity', 'onboarding', 'pms-sync'], owns: true },
  'pms-sync': { calls: ['directory'], reads: ['identity', 'directory'], owns: true },
  notifications: {
    calls: ['directory', 'identity', 'notifications'],
    reads: ['identity', 'directory', 'notifications', 'pms-sync'],
    watchesDeadLetters: true,
    owns: true,
  },
  onboarding: {
    calls: ['directory', 'identity', 'notifications'],
    reads: ['directory', 'identity', 'notifications'],
    owns: true,
  },
} as const satisfies Record<string, ServiceRow>;

export type ServiceName = keyof typeof services;
// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Object.keys forgets which keys they are
export const serviceNames = Object.keys(services) as ServiceName[];
