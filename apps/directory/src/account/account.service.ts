import type { Fact, PersonId } from '@leasewire/contracts';
import { ignoreOlder } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { PersonRepository } from '../person/person.repository.js';
import { Residencies } from '../resident/residencies.js';
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
    private readonly residencies: Residencies,
  ) {}

  async note(fact: Fact, { personId, status, columns }: SaidAccount): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const person = await this.persons.findOne({ orgId: fact.orgId, _id: personId }, { tx });
      if (!person || person.erasedAt !== null || ignoreOlder(fact, person.account?.version)) return;
      const account: KeptAccount = { status, columns: columnsOf(columns), version: { ...fact.version } };
      await this.persons.save(tx, { ...person, account });
      const shown = shownOf(account);
      await this.residencies.change(tx, personId, (before) => {
        const text = sentenceOf(before, shown);
        return { after: { ...before, ...shown }, ...(text !== null && { entry: { what: 'account', text, source: 'system' } }) };
      });
    });
  }
}
