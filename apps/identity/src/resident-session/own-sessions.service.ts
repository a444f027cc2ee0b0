import { DomainError, type OutputOf, type SessionId, type listResidentSessions } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { assertResident, residentOf } from '../resident-account/resident-caller.js';
import { ResidentSessionRepository, toResidentSession } from './resident-session.repository.js';
import { ResidentSessionService } from './resident-session.service.js';

/** Where residents are signed in, as they see and end it themselves. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly sessions: ResidentSessionRepository,
    private readonly ending: ResidentSessionService,
  ) {}

  async list(call: Call): Promise<OutputOf<typeof listResidentSessions>> {
    const me = assertResident(call);
    const open = await this.sessions.openOf(me.orgId, me.personId);
    return { items: open.map((doc) => ({ ...toResidentSession(doc), current: doc._id === me.sessionId })) };
  }

  async end(which: SessionId | 'current' | 'others', call: Call): Promise<{ ended: number }> {
    const me = residentOf(call);
    // For anybody else there is none: what staff end are sessions of staff.
    if (!me) throw notMine();
    return this.work.run(call, async (tx) => {
      if (which === 'others') return { ended: await this.ending.endAllOf(tx, me, 'revoked', me.sessionId) };
      const wanted = which === 'current' ? me.sessionId : which;
      const session = wanted && (await this.sessions.findOne({ orgId: me.orgId, _id: wanted }, { tx }));
      if (!session || session.personId !== me.personId) throw notMine();
      await this.ending.endAll(tx, [session], wanted === me.sessionId ? 'signed-out' : 'revoked');
      return { ended: 1 };
    });
  }
}

const notMine = (): DomainError => new DomainError('not-found', 'You have no such session. Look at the list again.');
