/**
 * The services and what each may do on NATS: whom it calls and whose events it reads. The broker's allow-lists are made
 * from this table, so a service that is not listed as a caller cannot call, whatever its code says.
 */
export interface ServiceRow {
  /** Whose rpc it calls. */
  readonly calls: readonly string[] | 'all';
  /** Whose events it reads with durable handlers. */
  readonly reads: readonly string[] | 'all';
  /** The names (`durable`) of these handlers. The broker knows them, so that no service takes what another's handler waits for. */
  readonly handlers?: readonly string[] | undefined;
  /** Reads streams without a durable consumer, from any position (the gateway's live updates and feed). */
  readonly tails?: 'all';
  /** Sees the dead letters of everybody, to tell staff of them; it can neither replay nor drop any. */
  readonly watchesDeadLetters?: true;
  /** It owns a database and a stream. The gateway does not. */
  readonly owns: boolean;
}

export const services = {
  gateway: { calls: 'all', reads: [], tails: 'all', owns: false },
  identity: {
    calls: ['notifications'],
    reads: ['directory', 'onboarding'],
    handlers: [
      'activation-completed',
      'forget-person',
      'resident-archived',
      'resident-changed',
      'resident-imported',
      'resident-registered',
      'resident-restored',
    ],
    owns: true,
  },
  audit: { calls: [], reads: 'all', handlers: ['record'], owns: true },
  directory: {
    calls: [],
    reads: ['identity', 'onboarding', 'pms-sync'],
    handlers: [
      'close-organization',
      'note-account-status',
      'note-sweep',
      'take-language-of-activation',
      'take-language-of-reactivation',
      'take-own-email',
      'take-own-language',
    ],
    owns: true,
  },
  'pms-sync': {
    calls: ['directory'],
    reads: ['identity', 'directory'],
    handlers: ['close-organization', 'forget-uploads', 'know-property'],
    owns: true,
  },
  notifications: {
    calls: ['directory', 'identity', 'notifications'],
    reads: ['identity', 'directory', 'pms-sync'],
    handlers: [
      'alert-of-failing',
      'alert-of-hold',
      'alert-of-recovered',
      'cancel-messages',
      'follow-addresses',
      'forget-consents',
      'forget-person',
      'forget-texts',
      'know-organization',
      'know-property',
      'know-role',
      'know-staff',
      'skip-archived',
    ],
    watchesDeadLetters: true,
    owns: true,
  },
  onboarding: {
    calls: ['directory', 'identity', 'notifications'],
    reads: ['directory', 'identity', 'notifications'],
    handlers: [
      'account-closed',
      'consent-recorded',
      'forget-person',
      'mail-outcomes',
      'organization-closed',
      'property-added',
      'property-archived',
      'property-changed',
      'property-started',
      'resident-access',
      'resident-archived',
      'resident-details',
      'resident-imported',
      'resident-registered',
      'resident-restored',
      'suppression-added',
      'suppression-released',
    ],
    owns: true,
  },
} as const satisfies Record<string, ServiceRow>;

export type ServiceName = keyof typeof services;
// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Object.keys forgets which keys they are
export const serviceNames = Object.keys(services) as ServiceName[];
