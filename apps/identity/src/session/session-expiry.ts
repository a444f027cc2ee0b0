import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { SessionRepository, type SessionDoc } from './session.repository.js';
import { SessionService } from './session.service.js';

/** A session that nobody uses ends by itself, and everyone hears of it. Its tokens hold no more before that is told. */
@Injectable()
export class SessionExpiry {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly ending: SessionService,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<SessionDoc>('session-expiry', {
      repository: sessions,
      handle: (doc) => this.#expire(doc),
      onGiveUp: () => Promise.resolve(), // its tokens hold no more in any case
    });
  }

  async #expire({ orgId, _id }: SessionDoc): Promise<void> {
    await this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const session = await this.sessions.get({ orgId, _id }, { tx });
      if (session.expiresAt <= tx.now) await this.ending.end(tx, session, 'expired');
    });
  }
}
