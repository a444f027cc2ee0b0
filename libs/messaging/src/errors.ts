import { defineErrors } from '@leasewire/contracts';

/** Codes that only operators and developers meet: a service that cannot start, or a tool that is held wrongly. */
export const messagingErrors = defineErrors({
  'nats.unreachable': { status: 503, retryable: true, describe: 'No NATS server answers at the configured address.' },
  'nats.too-old': { status: 500, describe: 'The NATS server is older than 2.11.' },
  'nats.no-jetstream': { status: 500, describe: 'The NATS server, or this account on it, has JetStream switched off.' },
  'nats.no-storage': { status: 500, describe: 'The NATS server has no room for a stream of the configured size.' },
  'event-bus.foreign-stream': { status: 500, describe: 'A service tried to create or change the stream of another one.' },
  'event-bus.consumer-conflict': { status: 500, describe: 'A durable consumer exists with settings that cannot be changed.' },
  'event-bus.duplicate-durable': { status: 500, describe: 'Two handlers of one service have the same durable name.' },
  'event-bus.contract-mismatch': { status: 500, describe: 'A handler names contracts that are not of the stream it reads.' },
});
