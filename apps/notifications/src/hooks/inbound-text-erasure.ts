import { personErased, type Fact } from '@leasewire/contracts';
import { OnEvent, type Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { ErasureService } from '../erasure/erasure.service.js';
import { InboundTextRepository } from './inbound-text.repository.js';

/** What somebody wrote goes with them; that they said stop is in the ledger. */
@Controller()
export class InboundTextErasure {
  constructor(
    private readonly texts: InboundTextRepository,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    erasure: ErasureService,
  ) {
    erasure.also((before, most) => this.expire(before, most));
  }

  @OnEvent(personErased, { durable: 'forget-texts' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    await this.work.run(fact, (tx) => this.texts.removeMany(tx, { orgId: tx.orgId, personIds: fact.data.personId }));
  }

  /** That a text came stays, and how it was read; its words go. Returns of how many. */
  async expire(before: Date, most: number): Promise<number> {
    const old = await this.texts.before(before, most);
    for (const { _id, orgId } of old)
      await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
        const doc = await this.texts.get({ orgId, _id }, { tx });
        await this.texts.save(tx, { ...doc, body: null, note: null });
      });
    return old.length;
  }
}
