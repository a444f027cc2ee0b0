// Everything that identity says happened in one organization, from the oldest event that is kept; it goes on where it stopped.
//   NATS_URL=nats://… NKEY_SEED_FILE=billing.seed SUBSCRIBER=billing ORGANIZATION=org_… node subscribe.mjs
import { readFileSync } from 'node:fs';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';

const { NATS_URL, NKEY_SEED_FILE, SUBSCRIBER, ORGANIZATION } = process.env;
const connection = await connect({
  servers: NATS_URL,
  authenticator: nkeyAuthenticator(new TextEncoder().encode(readFileSync(NKEY_SEED_FILE, 'utf8').trim())),
  inboxPrefix: `_INBOX.subscriber-${SUBSCRIBER}`, // the only inbox that the allow-list knows
  maxReconnectAttempts: -1,
});

// One durable consumer per service, always of this name; making it again changes nothing.
const [stream, durable] = ['EVT_IDENTITY', `subscriber__${SUBSCRIBER}`];
const manager = await jetstreamManager(connection, { checkAPI: false });
await manager.consumers.add(stream, {
  durable_name: durable,
  filter_subject: `evt.identity.*.*.*.${ORGANIZATION}`,
  ack_policy: AckPolicy.Explicit,
});

const handled = new Set(); // of a real subscriber: a table, written in the transaction of the effect
const newest = new Map(); // likewise: what is known of each thing

const consumer = await jetstream(connection, { checkAPI: false }).consumers.get(stream, durable);
for await (const message of await consumer.consume({ max_messages: 20 })) {
  const event = message.json();
  const known = newest.get(event.subject) ?? event;
  // the same version is not older: one change may be told by several events
  const isOlder =
    event.entityepoch < known.entityepoch ||
    (event.entityepoch === known.entityepoch && event.entityversion < known.entityversion);
  if (!handled.has(event.id) && !isOlder) {
    console.log(event.time, event.type, event.subject, JSON.stringify(event.data));
    newest.set(event.subject, event);
  }
  handled.add(event.id);
  message.ack(); // after the effect is safe; without it the event comes again
}
