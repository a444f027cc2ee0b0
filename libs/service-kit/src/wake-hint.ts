import type { WakeHint } from '@leasewire/persistence';
import type { NatsConnection } from '@nats-io/transport-node';

/** `wake.<service>`: a replica that committed an event tells the one that publishes. A lost hint costs a second at most. */
export function natsWakeHint(connection: NatsConnection, service: string): WakeHint {
  const subject = `wake.${service}`;
  return {
    send: () => {
      if (!connection.isClosed() && !connection.isDraining()) connection.publish(subject);
    },
    onWake: (wake) => {
      connection.subscribe(subject, {
        callback: (error) => {
          if (!error) wake();
        },
      });
    },
  };
}
