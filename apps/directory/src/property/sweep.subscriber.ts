import { syncRunCompleted, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SweepService } from './sweep.service.js';

@Controller()
export class SweepSubscriber {
  constructor(private readonly sweeps: SweepService) {}

  @OnEvent(syncRunCompleted, { durable: 'note-sweep' })
  async note(fact: Fact<typeof syncRunCompleted>): Promise<void> {
    await this.sweeps.note(fact);
  }
}
