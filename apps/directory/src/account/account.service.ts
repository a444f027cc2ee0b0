import type { Fact, PersonId } from '@leasewire/contracts';
import { ignoreOlder } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PersonRepository } from '../person/person.repository.js';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from '../resident/resident.repository.js';
import { columnsOf, sentenceOf, shownOf, type KeptAccount } from './account.rules.js';

export interface SaidAccount extends Pick<KeptAccount, 'status' | 'columns'> {
  readonly personId: PersonId;
}

/** What onboarding says of a person’s account, shown with each of their residencies. */
@Injectable()
export class AccountService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly persons: PersonRepository,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
  ) {}

  async note(fact: Fact, { personId, status, columns }: SaidAccount): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const { orgId } = fact;
      const person = await this.persons.findOne({ orgId, _id: personId }, { tx });
      if (!person || person.erasedAt !== null || ignoreOlder(fact, person.account?.version)) return;
      const account: KeptAccount = { status, columns: columnsOf(columns), version: { ...fact.version } };
      await this.persons.save(tx, { ...person, account });
      const docs = await this.residents.find({ orgId, personId }, { tx });
      for (const propertyId of new Set(docs.map((doc) => doc.propertyId)))
        await this.#show(
          tx,
          propertyId,
          docs.filter((doc) => doc.propertyId === propertyId),
          account,
        );
    });
  }

  async #show(tx: Tx, _id: ResidentDoc['propertyId'], docs: readonly ResidentDoc[], account: KeptAccount): Promise<void> {
    const property = await this.properties.get({ orgId: tx.orgId, _id }, { tx });
    const shown = shownOf(account);
    await this.keeper.save(
      tx,
      property,
      docs.map((before) => {
        const text = sentenceOf(before, shown);
        return {
          before,
          after: { ...before, ...shown },
          ...(text !== null && { entry: { what: 'account', text, source: 'system' as const } }),
        };
      }),
    );
  }
}
