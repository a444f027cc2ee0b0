import { DomainError, type Fact, type OrgId } from '@leasewire/contracts';
import { OnEveryEvent } from '@leasewire/messaging';
import { Logger } from '@leasewire/service-kit';
import { Controller } from '@nestjs/common';
import { Batches } from './batches.js';
import { Recorder } from './recorder.js';

/** As many of one stream wait for their commit at once: they are what a batch is made of. */
const atOnce = 512;
/** What a replica held when it died comes again so soon. Recording is quick, and twice does no harm. */
const ackWaitMs = 5_000;
/** A database may be away for hours, and it is not the event's fault: eight hours until it is set aside. */
const maxDeliver = 500;
const backoffMs = [250, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const largestBatch = 200;
const organizationsAtOnce = 8;
/** A batch takes a second or two, and a database that is away says so by then: this is a driver that lost an answer. */
const longestBatchMs = 30_000;

@Controller()
export class RecordSubscriber {
  readonly #batches: Batches<OrgId, Fact>;

  constructor(recorder: Recorder, log: Logger) {
    this.#batches = new Batches<OrgId, Fact>({
      most: largestBatch,
      parallel: organizationsAtOnce,
      work: (orgId, facts) => recorder.record(orgId, facts),
      // a database that is away is nobody's fault
      isBlameable: (error) => !(error instanceof DomainError),
      longestMs: longestBatchMs,
      overdue: (orgId, events) => {
        log.error({ orgId, events, afterMs: longestBatchMs }, 'a batch of events has not ended; they are tried again');
        return new DomainError('unavailable', 'Recording has not ended in time; it is tried again.');
      },
    });
  }

  /** Resolves when the event is in the chain; until then the stream keeps it. */
  @OnEveryEvent({ durable: 'record', concurrency: atOnce, ackWaitMs, maxDeliver, backoffMs })
  async record(fact: Fact): Promise<void> {
    await this.#batches.submit(fact.orgId, fact);
  }
}
