import type { EventObserver, RpcObserver } from '@leasewire/messaging';
import type { RelayObserver, UnitOfWorkObserver } from '@leasewire/persistence';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Where messaging and persistence tell what they do, each as metrics. Called on the hot path: nothing here waits or throws. */
export function rpcObserver(metrics: Metrics): RpcObserver {
  return {
    started: (method) => {
      metrics.rpcInFlight.inc({ method });
    },
    finished: (method, outcome, ms) => {
      metrics.rpcInFlight.dec({ method });
      metrics.rpcServed.observe({ method, outcome }, ms / 1000);
    },
  };
}

export function eventObserver(metrics: Metrics): EventObserver {
  return {
    started: (handler) => {
      metrics.eventsInFlight.inc({ handler });
    },
    finished: (handler, outcome, ms) => {
      metrics.eventsInFlight.dec({ handler });
      metrics.eventsHandled.observe({ handler, outcome }, ms / 1000);
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
