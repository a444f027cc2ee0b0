import { personErased, residentDetailsChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ErasureService } from './erasure.service.js';

@Controller()
export class ErasureSubscriber {
  constructor(private readonly erasure: ErasureService) {}

  @OnEvent(personErased, { durable: 'forget-person' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    await this.erasure.erase(fact);
  }

  @OnEvent(residentDetailsChanged, { durable: 'follow-addresses' })
  async follow(fact: Fact<typeof residentDetailsChanged>): Promise<void> {
    await this.erasure.follow(fact, fact.data.resident);
  }
}
