import { streamOf } from '@leasewire/contracts';
import { MemoryBroker, MemoryEventBus } from '../src/index.js';
import { eventBusConformance } from './conformance/event-bus.js';
import { recordingLog } from './fixtures.js';

eventBusConformance('in memory', () => {
  const broker = new MemoryBroker();
  const log = recordingLog();
  return Promise.resolve({
    log,
    bus: (service, observer) => new MemoryEventBus({ service, broker, log, ...(observer && { observer }) }),
    raw: (service, subject, bytes) => Promise.resolve(void broker.store(streamOf(service), subject, Buffer.from(bytes))),
    purge: async (service) => {
      broker.purge(service);
    },
    breakDeadLetters: () => {
      broker.deadLettersAway = true;
      return Promise.resolve(() => Promise.resolve(void (broker.deadLettersAway = false)));
    },
    stop: () => Promise.resolve(),
  });
});
