import {
  personErased,
  residentArchived,
  residentDetailsChanged,
  residentImported,
  residentRegistered,
  residentRestored,
  type Fact,
} from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResidencyService } from './residency.service.js';

@Controller()
export class ResidencySubscriber {
  constructor(private readonly residencies: ResidencyService) {}

  @OnEvent(residentRegistered, { durable: 'resident-registered' })
  async registered(fact: Fact<typeof residentRegistered>): Promise<void> {
    await this.residencies.follow(fact);
  }

  @OnEvent(residentImported, { durable: 'resident-imported' })
  async imported(fact: Fact<typeof residentImported>): Promise<void> {
    await this.residencies.follow(fact);
  }

  @OnEvent(residentDetailsChanged, { durable: 'resident-changed' })
  async changed(fact: Fact<typeof residentDetailsChanged>): Promise<void> {
    await this.residencies.follow(fact);
  }

  @OnEvent(residentArchived, { durable: 'resident-archived' })
  async archived(fact: Fact<typeof residentArchived>): Promise<void> {
    await this.residencies.follow(fact);
  }

  @OnEvent(residentRestored, { durable: 'resident-restored' })
  async restored(fact: Fact<typeof residentRestored>): Promise<void> {
    await this.residencies.follow(fact);
  }

  @OnEvent(personErased, { durable: 'forget-person' })
  async erased(fact: Fact<typeof personErased>): Promise<void> {
    await this.residencies.forget(fact);
  }
}
