import { AsyncLocalStorage } from 'node:async_hooks';

/** What a log line should say about the work it was written in. */
export interface CurrentContext {
  readonly correlationId: string;
  readonly traceparent?: string;
  /** `identity.invite-staff`, or the durable name of an event handler. */
  readonly doing: string;
  readonly actor?: string;
  readonly orgId?: string;
}

export const currentContext = new AsyncLocalStorage<CurrentContext>();
