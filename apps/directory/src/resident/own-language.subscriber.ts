import { residentAccountOpened, residentLanguageChanged, residentPasswordChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OwnLanguageService } from './own-language.service.js';

@Controller()
export class OwnLanguageSubscriber {
  constructor(private readonly languages: OwnLanguageService) {}

  @OnEvent(residentAccountOpened, { durable: 'take-language-of-activation' })
  async opened(fact: Fact<typeof residentAccountOpened>): Promise<void> {
    await this.languages.take(fact, fact.data.account);
  }

  /** Who is invited once more and has an account already activates it again with another password. */
  @OnEvent(residentPasswordChanged, { durable: 'take-language-of-reactivation' })
  async activatedAgain(fact: Fact<typeof residentPasswordChanged>): Promise<void> {
    await this.languages.take(fact, fact.data.account);
  }

  @OnEvent(residentLanguageChanged, { durable: 'take-own-language' })
  async chosen(fact: Fact<typeof residentLanguageChanged>): Promise<void> {
    await this.languages.take(fact, fact.data.account);
  }
}
