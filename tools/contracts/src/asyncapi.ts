import { Envelope, type EventContract, type Registry, streamOf } from '@leasewire/contracts';
import { isDeepStrictEqual } from 'node:util';
import { JsonSchema, toJsonSchema } from './json-schema.js';
import { sampleOf } from './sample.js';

type Json = Readonly<Record<string, unknown>>;

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The events as AsyncAPI 3.0, seen from the platform: it sends, subscribers receive. */
export function asyncApi({ events }: Pick<Registry, 'events'>): Json {
  return {
    asyncapi: '3.0.0',
    id: 'urn:leasewire:events',
    info: {
      title: 'Leasewire events',
      version: '1.0.0',
      description:
        'Every fact of the platform: CloudEvents 1.0 on NATS JetStream, at least once, with the full current state of the entity. ' +
        'Each event type carries its own version. docs/contracts/events.md says how to subscribe.',
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      nats: {
        host: 'nats.example:4222',
        protocol: 'nats',
        description: 'The NATS cluster of the deployment; one nkey and one allow-list per subscriber, TLS in production.',
        security: [{ $ref: '#/components/securitySchemes/nkey' }],
      },
    },
    channels: { ...record(events, (event) => event.type, channelOf), 'dead-letters': deadLetterChannel },
    operations: {
      ...record(events, (event) => event.type, operationOf),
      'dead-letters': {
        action: 'send',
        channel: { $ref: '#/channels/dead-letters' },
        summary: 'What a handler could not handle, kept with the reason until it is replayed or dropped.',
      },
    },
    components: {
      messages: { ...record(events, (event) => event.type, messageOf), 'dead-letter': deadLetterMessage },
      schemas: schemasOf(events),
      securitySchemes: {
        nkey: { type: 'asymmetricEncryption', description: 'An Ed25519 nkey (U…), given by the operator of the platform.' },
      },
    },
  };
}

function channelOf(event: EventContract): Json {
  return {
    address: `evt.${event.type}.{orgId}`,
    title: event.type,
    description: `${event.describe} Stream ${streamOf(event.service)}.`,
    parameters: { orgId: { description: 'The organization it happened in; `*` subscribes to all that the allow-list permits.' } },
    messages: { event: { $ref: `#/components/messages/${event.type}` } },
  };
}

function operationOf(event: EventContract): Json {
  return {
    action: 'send',
    summary: event.describe,
    channel: { $ref: `#/channels/${event.type}` },
    messages: [{ $ref: `#/channels/${event.type}/messages/event` }],
  };
}

function messageOf(event: EventContract): Json {
  return {
    name: event.type,
    title: event.type,
    summary: event.describe,
    headers: {
      type: 'object',
      properties: {
        'Nats-Msg-Id': { type: 'string', description: 'The id of the event: the same however often it is delivered.' },
      },
      required: ['Nats-Msg-Id'],
    },
    payload: {
      allOf: [
        schemaRef('Envelope'),
        {
          type: 'object',
          properties: { type: { type: 'string', const: event.type }, data: schemaRef(event.type) },
          required: ['type', 'data'],
        },
      ],
    },
    examples: [{ name: 'example', headers: { 'Nats-Msg-Id': sampleOf(event).id }, payload: sampleOf(event) }],
  };
}

const deadLetterChannel: Json = {
  address: 'dlq.{service}.{handler}',
  title: 'Dead letters',
  description:
    'What could not be handled, one subject per handler; each service keeps its own in the stream DLQ_<SERVICE>. For operators; subscribers do not need it.',
  parameters: {
    service: { description: 'The service whose handler gave up' },
    handler: { description: 'The durable handler that gave up' },
  },
  messages: { deadLetter: { $ref: '#/components/messages/dead-letter' } },
};

const deadLetterMessage: Json = {
  name: 'dead-letter',
  title: 'Dead letter',
  summary: 'The message as it was, with headers that say why it is here.',
  headers: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries({
        handler: 'Who gave up',
        durable: 'Its consumer',
        reason: 'Why, in one word',
        error: 'What the last try said',
        attempts: 'How often it was tried',
        at: 'When it was set aside',
        stream: 'Where it was published',
        subject: 'And on which subject',
        'stream-seq': 'Its place in that stream',
        'event-id': 'The id of the event, where it could be read',
        correlation: 'What the request was called that caused it',
      }).map(([name, description]) => [`lw-${name}`, { type: 'string', description }]),
    ),
  },
  payload: { description: 'The bytes of the original message, usually an event' },
};

/** Named schemas of all events in one place, each once. */
function schemasOf(events: readonly EventContract[]): Json {
  const schemas = new Map<string, JsonSchema>();
  const add = (name: string, schema: JsonSchema) => {
    const there = schemas.get(name);
    if (there && !isDeepStrictEqual(there, schema))
      throw new Error(`Two different schemas are called “${name}”; give one of them another id in .meta({ id })`);
    schemas.set(name, schema);
  };
  const addAll = (name: string, schema: JsonSchema) => {
    const { definitions = {}, $schema: _version, ...rest } = schema;
    for (const [id, definition] of Object.entries(definitions)) add(id, pointingHere(definition));
    add(name, pointingHere(rest));
  };
  addAll('Envelope', toJsonSchema(Envelope, 'output'));
  for (const event of events) addAll(event.type, { title: event.type, ...toJsonSchema(event.schema, 'output') });
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** References within one schema become references within the document. */
function pointingHere(schema: JsonSchema): JsonSchema {
  return JsonSchema.parse(JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"#/components/schemas/')));
}

function record<T>(items: readonly T[], keyOf: (item: T) => string, valueOf: (item: T) => Json): Json {
  return Object.fromEntries(items.map((item) => [keyOf(item), valueOf(item)]));
}
