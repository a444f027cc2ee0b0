import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidentSessionRepository, type ResidentSessionDoc } from './resident-session.repository.js';
import { ResidentSessionService } from './resident-session.service.js';

/** A session that nobody uses ends by itself. Its token holds no more before that is told. */
@Injectable()
export class ResidentSessionExpiry {
  constructor(
    private readonly sessions: ResidentSessionRepository,
    private readonly ending: ResidentSessionService,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<ResidentSessionDoc>('resident-session-expiry', {
      repository: sessions,
      handle: (doc) => this.#expire(doc),
      onGiveUp: () => Promise.resolve(), // its token holds no more in any case
    });
  }

  async #expire({ orgId, _id }: ResidentSessionDoc): Promise<void> {
    await this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const session = await this.sessions.get({ orgId, _id }, { tx });
      if (session.expiresAt <= tx.now) await this.ending.endAll(tx, [session], 'expired');
    });
  }
}
