import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { ResidentSessionRepository, type ResidentSessionDoc } from './resident-session.repository.js';
import { ResidentSessionService } from './resident-session.service.js';

/** A session that nobody uses ends by itself. Its token holds no more before that is told. */
@Injectable()
export class ResidentSessionExpiry {
  constructor(sessions: ResidentSessionRepository, ending: ResidentSessionService, background: Background) {
    background.claimer<ResidentSessionDoc>('resident-session-expiry', {
      repository: sessions,
      handle: (tx, docs) => ending.endAll(tx, docs, 'expired'),
      onGiveUp: () => Promise.resolve(), // its token holds no more in any case
    });
  }
}
