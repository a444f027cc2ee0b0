import type { Clock, EventBus } from '@leasewire/messaging';
import type { Metrics } from './metrics.js';

/** The bus as handlers see it, with a note of how long after its moment each event was done with. */
export function timed(bus: EventBus, metrics: Metrics, clock: Clock): EventBus {
  return {
    ensureStream: (service) => bus.ensureStream(service),
    publish: (event) => bus.publish(event),
    position: (service) => bus.position(service),
    subscribe: (spec, handle) =>
      bus.subscribe(spec, async (fact) => {
        await handle(fact);
        const lagMs = Math.max(0, clock.now().getTime() - fact.time.getTime());
        metrics.eventLag.observe({ handler: spec.handler }, lagMs / 1000);
      }),
  };
}
