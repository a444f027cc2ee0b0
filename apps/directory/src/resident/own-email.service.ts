import type { Fact, residentEmailChanged } from '@leasewire/contracts';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Residencies } from './residencies.js';

/** An address that residents chose and confirmed themselves stays over later syncs, as what staff say does. */
@Injectable()
export class OwnEmailService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residencies: Residencies,
  ) {}

  async take(fact: Fact<typeof residentEmailChanged>): Promise<void> {
    const { personId, email, emailSource } = fact.data.account;
    // identity also tells when it followed an address of ours
    if (emailSource !== 'resident') return;
    await this.work.run(fact, async (tx) => {
      await this.residencies.change(tx, personId, (before) => {
        if (before.state === 'archived') return null;
        return {
          after: { ...before, email, sources: { ...before.sources, email: 'resident' as const } },
          entry: { what: 'edited', text: 'The resident changed their e-mail address and confirmed it.', source: 'resident' },
        };
      });
    });
  }
}
