import { z } from 'zod';
import { defineRpc } from './define.js';

/**
 * What a handler could not handle waits in the dead letters of its service, with the reason. Each service keeps its own
 * stream of them, so that no service can read or drop another's.
 */
export const deadLetterStreamOf = (service: string): string => `DLQ_${service.toUpperCase().replaceAll('-', '_')}`;
/** A letter on its way back to the one handler that failed. */
export const replaySubject = (service: string, handler: string): string => `dlq.${service}.${handler}.replay`;

export const DeadLetter = z
  .object({
    seq: z.int().positive().describe('Its number; show, replay and drop take it'),
    handler: z.string().describe('The handler that failed'),
    reason: z.string().describe('undecodable, invalid-envelope, invalid-data, unknown-type, failed or never-finished'),
    error: z.string().describe('What the last try said'),
    attempts: z.int().nonnegative(),
    at: z.iso.datetime().describe('When it was set aside'),
    stream: z.string(),
    subject: z.string().describe('The subject the event was published on'),
    streamSeq: z.int().nonnegative().describe('Its place in that stream'),
    eventId: z.string().optional(),
    correlationId: z.string().optional(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterFilter = z.object({
  handler: z.string().optional(),
  after: z.int().nonnegative().default(0).describe('`nextAfter` of the page before'),
  limit: z.int().min(1).max(500).default(100),
});
export type DeadLetterFilter = z.input<typeof DeadLetterFilter>;

export const DeadLetterPage = z.object({ items: z.array(DeadLetter), nextAfter: z.int().nullable() });
export type DeadLetterPage = z.infer<typeof DeadLetterPage>;

/** One of them, or all of one handler. */
export const DeadLetterChoice = z.union([z.strictObject({ seq: z.int().positive() }), z.strictObject({ handler: z.string() })]);
export type DeadLetterChoice = z.infer<typeof DeadLetterChoice>;

export const DeadLetterDetail = DeadLetter.extend({ body: z.string().describe('The message as it came') });
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

/** The calls by which any service’s dead letters are looked after. They span organizations: services only. */
export function deadLetterRpcs<const S extends string>(service: S) {
  return {
    list: defineRpc(`${service}.list-dead-letters`, {
      does: 'query',
      input: DeadLetterFilter,
      output: DeadLetterPage,
      permission: 'service',
      describe: `What handlers of ${service} could not handle, oldest first`,
    }),
    show: defineRpc(`${service}.show-dead-letter`, {
      does: 'query',
      input: z.object({ seq: z.int().positive() }),
      output: DeadLetterDetail,
      errors: ['not-found'],
      permission: 'service',
      describe: 'One dead letter with the message itself',
    }),
    replay: defineRpc(`${service}.replay-dead-letters`, {
      does: 'command',
      input: DeadLetterChoice,
      output: z.object({ replayed: z.int().nonnegative() }),
      errors: ['not-found'],
      permission: 'service',
      describe: 'Gives dead letters to the handler that failed, once more from the first try',
      timeoutMs: 30_000,
    }),
    drop: defineRpc(`${service}.drop-dead-letters`, {
      does: 'command',
      input: DeadLetterChoice,
      output: z.object({ dropped: z.int().nonnegative() }),
      errors: ['not-found'],
      permission: 'service',
      describe: 'Forgets dead letters for good',
      timeoutMs: 30_000,
    }),
  };
}
