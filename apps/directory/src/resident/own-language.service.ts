import type { Fact, ResidentAccount } from '@leasewire/contracts';
import { ignoreOlder } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { nameOfLanguage } from '../decision/language.rules.js';
import { PersonRepository } from '../person/person.repository.js';
import { Residencies } from './residencies.js';

/** The language that somebody activated in, or chose since: theirs, for everywhere they live and will live. */
@Injectable()
export class OwnLanguageService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly persons: PersonRepository,
    private readonly residencies: Residencies,
  ) {}

  async take(fact: Fact, { personId, locale }: ResidentAccount): Promise<void> {
    const { orgId } = fact;
    await this.work.run(fact, async (tx) => {
      const person = await this.persons.findOne({ orgId, _id: personId }, { tx });
      if (!person || person.erasedAt !== null || ignoreOlder(fact, person.language?.version)) return;
      await this.persons.save(tx, { ...person, language: { locale, version: { ...fact.version } } });
      if (person.language?.locale === locale) return;
      await this.residencies.change(tx, personId, (before) => ({
        after: { ...before, ownLanguage: locale },
        entry: { what: 'edited', text: `They chose ${nameOfLanguage(locale)} for their pages and mails.`, source: 'resident' },
      }));
    });
  }
}
