import { activationCompleted, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OpenAccountService } from './open-account.service.js';

/** Onboarding asks for it too, so that nobody waits; this is for when it could not. */
@Controller()
export class ActivationSubscriber {
  constructor(private readonly opening: OpenAccountService) {}

  @OnEvent(activationCompleted, { durable: 'activation-completed' })
  async completed(fact: Fact<typeof activationCompleted>): Promise<void> {
    await this.opening.open(fact.data.account.personId, fact);
  }
}
