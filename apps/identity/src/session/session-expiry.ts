import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { SessionRepository, type SessionDoc } from './session.repository.js';
import { SessionService } from './session.service.js';

/** A session that nobody uses ends by itself, and everyone hears of it. Its tokens hold no more before that is told. */
@Injectable()
export class SessionExpiry {
  constructor(sessions: SessionRepository, ending: SessionService, background: Background) {
    background.claimer<SessionDoc>('session-expiry', {
      repository: sessions,
      handle: (tx, docs) => ending.endAll(tx, docs, 'expired'),
      onGiveUp: () => Promise.resolve(), // its tokens hold no more in any case
    });
  }
}
