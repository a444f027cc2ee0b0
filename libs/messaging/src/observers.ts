/** Where metrics hook in; service-kit implements them. They are called on the hot path and must not throw. */
export interface RpcObserver {
  started(method: string): void;
  /** `ok`, or the code of the error. */
  finished(method: string, outcome: string, ms: number): void;
}

/**
 * `retried`: given back with a delay. `dead-lettered`: set aside for a person. `given-back`: shutting down, another
 * replica takes it at once.
 */
export type EventOutcome = 'handled' | 'retried' | 'dead-lettered' | 'given-back';

export interface EventObserver {
  started(handler: string): void;
  finished(handler: string, outcome: EventOutcome, ms: number): void;
}

const nothing = (): void => undefined;
export const silentRpcObserver: RpcObserver = { started: nothing, finished: nothing };
export const silentEventObserver: EventObserver = { started: nothing, finished: nothing };
