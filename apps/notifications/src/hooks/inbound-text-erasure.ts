import { personErased, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { InboundTextRepository } from './inbound-text.repository.js';

/** What somebody wrote goes with them; that they said stop is in the ledger. */
@Controller()
export class InboundTextErasure {
  constructor(
    private readonly texts: InboundTextRepository,
    private readonly work: UnitOfWork,
  ) {}

  @OnEvent(personErased, { durable: 'forget-texts' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    await this.work.run(fact, (tx) => this.texts.removeMany(tx, { orgId: tx.orgId, personIds: fact.data.personId }));
  }
}
