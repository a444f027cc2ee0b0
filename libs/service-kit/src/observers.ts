import type { EventObserver, RpcObserver } from '@leasewire/messaging';
import type { RelayObserver, UnitOfWorkObserver } from '@leasewire/persistence';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import { Series } from './series.js';

/** Where messaging and persistence tell what they do, each as metrics. Called on the hot path: nothing here waits or throws. */
export function rpcObserver(metrics: Metrics): RpcObserver {
  const inFlight = new Series(metrics.rpcInFlight);
  const served = new Series(metrics.rpcServed);
  return {
    started: (method) => {
      inFlight.of(method).inc();
    },
    finished: (method, outcome, ms) => {
      inFlight.of(method).dec();
      served.of(method, outcome).observe(ms / 1000);
    },
  };
}

export function eventObserver(metrics: Metrics): EventObserver {
  const inFlight = new Series(metrics.eventsInFlight);
  const handled = new Series(metrics.eventsHandled);
  return {
    started: (handler) => {
      inFlight.of(handler).inc();
    },
    finished: (handler, outcome, ms) => {
      inFlight.of(handler).dec();
      handled.of(handler, outcome).observe(ms / 1000);
      if (outcome === 'dead-lettered') metrics.deadLetters.inc({ handler });
    },
  };
}

export function relayObserver(metrics: Metrics, logger: Logger): RelayObserver {
  return {
    onPublished: ({ events, duplicates }) => {
      metrics.published.inc({ duplicate: 'no' }, events - duplicates);
      if (duplicates > 0) metrics.published.inc({ duplicate: 'yes' }, duplicates);
    },
    onFailed: () => {
      metrics.publishFailures.inc();
    },
    onParked: () => {
      metrics.parked.inc();
    },
    onActive: (active) => {
      logger.debug({ active }, active ? 'this replica publishes now' : 'another replica publishes');
    },
  };
}

export function workObserver(metrics: Metrics): UnitOfWorkObserver {
  return {
    onCommitted: ({ cause, ms, attempts }) => {
      metrics.work.observe({ cause, outcome: 'committed' }, ms / 1000);
      if (attempts > 1) metrics.workAttempts.inc({ cause }, attempts - 1);
    },
    onFailed: ({ cause, ms }) => {
      metrics.work.observe({ cause, outcome: 'failed' }, ms / 1000);
    },
  };
}
