import { z } from 'zod';
import { Instant } from '../words.js';

/**
 * identity says every second on core NATS (`beat.identity`) that it is there and how far its events have come. A gateway
 * that hears it, and has itself read the stream to `lastSeq`, may trust what it remembers of permissions; one that has not
 * heard it for five seconds asks per request.
 */
export const heartbeatSubject = 'beat.identity';
export const Heartbeat = z.object({
  at: Instant,
  lastSeq: z.int().nonnegative().describe('The last sequence of EVT_IDENTITY'),
  oldestUnpublishedMs: z.int().nonnegative().describe('Age of the oldest event that is committed and not yet on the stream'),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
