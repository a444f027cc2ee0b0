import { personErased, type Fact, type PersonId } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { ConsentRepository, StandingRepository, type StandingDoc } from './consent.repository.js';

const mostOfOne = 2_000;

/** The ledger keeps that somebody spoke, not where or in which words. Who asked to be left alone still is. */
@Controller()
export class ConsentErasure {
  constructor(
    private readonly entries: ConsentRepository,
    private readonly standings: StandingRepository,
    private readonly work: UnitOfWork,
  ) {}

  @OnEvent(personErased, { durable: 'forget-consents' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    const { personId } = fact.data;
    await this.work.run(fact, async (tx) => {
      const { orgId } = tx;
      const said = await this.entries.find({ orgId, personId, address: { $type: 'string' } }, { tx, limit: mostOfOne });
      await this.entries.saveMany(
        tx,
        said.map((entry) => ({ ...entry, address: null, wording: null })),
      );
      for (const standing of await this.standings.find({ orgId, personIds: personId }, { tx, limit: mostOfOne }))
        await this.#part(tx, standing, personId);
    });
  }

  async #part(tx: Tx, standing: StandingDoc, personId: PersonId): Promise<void> {
    const categories = standing.categories
      .filter((one) => one.personId !== personId || one.answer === 'refused')
      .map((one) => (one.personId === personId ? { ...one, personId: null } : one));
    const personIds = standing.personIds.filter((one) => one !== personId);
    if (standing.blocked === null && categories.length === 0 && personIds.length === 0) await this.standings.remove(tx, standing);
    else await this.standings.save(tx, { ...standing, categories, personIds });
  }
}
