import { ActorRef, Envelope, EventId, Instant, OrgId, PropertyId } from '@leasewire/contracts';
import { z } from 'zod';
import { defineRoutes, memberRoute } from '../routing/route.js';
import { EventHandlers } from './events.handlers.js';

const After = z
  .string()
  .max(1000)
  .describe(
    'A cursor: go on behind it. `now`: begin with what happens from now on. `oldest`: begin with the oldest event that is kept',
  );
const Types = z
  .array(z.string().min(1).max(120))
  .min(1)
  .max(100)
  .describe('Only events of these types, such as `identity.staff.invited.v1`; repeat it or join them by commas');

export const EventsQuery = z.object({
  after: After.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many at most'),
  types: Types.optional(),
  wait: z.coerce.number().int().min(0).max(30).default(0).describe('Seconds to wait when there is nothing yet'),
});
export const StreamQuery = z.object({
  after: After.optional().describe('Where to begin when there is no Last-Event-ID; `now` when left out'),
  types: Types.optional(),
});

export const EventEnvelope = z
  .looseObject({
    ...Envelope.shape,
    id: EventId,
    time: Instant,
    orgid: OrgId,
    propertyid: PropertyId.optional(),
    actor: ActorRef,
    data: z.record(z.string(), z.unknown()).describe('The full state of the thing after what happened; see the event catalogue'),
  })
  .meta({ id: 'EventEnvelope', description: 'A fact, as CloudEvents 1.0 has it' });

export const EventPage = z
  .object({
    items: z.array(EventEnvelope),
    nextCursor: z.string().describe('Give this as `after`; it advances also when nothing was for you'),
    more: z.boolean().describe('There is more to be read at once'),
  })
  .meta({ id: 'EventPage' });

export const eventRoutes = defineRoutes('Events', 'What happened: a feed to be read from any position, and a live stream.', [
  memberRoute(
    'GET',
    '/v1/events',
    {
      operationId: 'listEvents',
      summary: 'Events from a position on',
      description:
        'Every fact of the organization that the caller’s permissions and properties let them see, in order for each thing, at least once. Keep `nextCursor` and give it as `after` the next time. Events are kept for four weeks.',
      input: EventsQuery,
      replies: [{ status: 200, describe: 'A page of events', type: 'application/json', schema: EventPage }],
      errors: ['cursor.invalid', 'cursor.expired', 'stream.too-many', 'forbidden'],
    },
    (resolve) => {
      const handlers = resolve(EventHandlers);
      return (exchange, query, caller) => handlers.list(exchange, query, caller);
    },
  ),
  memberRoute(
    'GET',
    '/v1/stream',
    {
      operationId: 'streamEvents',
      summary: 'Events as they happen (server-sent events)',
      description:
        'Each message has the event as its `data` and a cursor as its `id`. Send the last id as `Last-Event-ID` to go on without a gap. A message of the type `gap` says that events were no longer kept; one of the type `end` says why the stream ends (the session ended, the token expired).',
      input: StreamQuery,
      replies: [{ status: 200, describe: 'A stream that stays open', type: 'text/event-stream', schema: z.string() }],
      errors: ['cursor.invalid', 'stream.too-many', 'forbidden'],
    },
    (resolve) => {
      const handlers = resolve(EventHandlers);
      return (exchange, query, caller) => handlers.stream(exchange, query, caller);
    },
  ),
]);
