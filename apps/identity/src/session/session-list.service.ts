import { DomainError, permits, type SessionId, type StaffId, type Session } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccessService, myself, sessionIdOf, staffIdOf } from '../access/access.service.js';
import { StaffRepository } from '../staff/staff.repository.js';
import { SessionRepository, toSession } from './session.repository.js';
import { SessionService } from './session.service.js';

/** Open sessions as people see and end them: their own, or those of the staff they manage. */
@Injectable()
export class SessionListService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly sessions: SessionRepository,
    private readonly ending: SessionService,
    private readonly staff: StaffRepository,
    private readonly access: AccessService,
  ) {}

  async list(input: { staffId?: StaffId | undefined; limit: number; cursor?: string | undefined }, call: Call) {
    const staffId = await this.#whose(input.staffId, call);
    const { items, nextCursor } = await this.sessions.page(
      { orgId: call.orgId, staffId, ended: null },
      { sort: { _id: -1 }, limit: input.limit, cursor: input.cursor },
    );
    return {
      items: items.map((doc): Session & { current: boolean } => ({
        ...toSession(doc),
        current: doc._id === call.actor.sessionId,
      })),
      nextCursor,
    };
  }

  async end(sessionId: SessionId | 'current', call: Call): Promise<Record<string, never>> {
    const wanted = sessionId === 'current' ? sessionIdOf(call.actor) : sessionId;
    if (wanted === undefined)
      throw new DomainError('not-found', 'This call was not made within a session; name the session to end.');
    return this.work.run(call, async (tx) => {
      const session = await this.sessions.get({ orgId: call.orgId, _id: wanted }, { tx });
      const own = staffIdOf(call.actor) === session.staffId;
      if (!own) await this.#assertManages(session.staffId, call, tx);
      await this.ending.end(tx, session, own && wanted === call.actor.sessionId ? 'signed-out' : 'revoked');
      return {};
    });
  }

  async endAll(input: { staffId?: StaffId | undefined; exceptCurrent: boolean }, call: Call): Promise<{ ended: number }> {
    return this.work.run(call, async (tx) => {
      const staffId = input.staffId ?? myself(call).staffId;
      if (staffIdOf(call.actor) !== staffId) await this.#assertManages(staffId, call, tx);
      const kept = input.exceptCurrent ? sessionIdOf(call.actor) : undefined;
      return { ended: await this.ending.endAllOf(tx, { orgId: call.orgId, staffId }, 'revoked', kept) };
    });
  }

  async #whose(asked: StaffId | undefined, call: Call): Promise<StaffId> {
    if (asked === undefined) return myself(call).staffId;
    if (staffIdOf(call.actor) === asked) return asked;
    const { permissions } = call.actor;
    if (permissions !== 'all' && !permits(permissions, 'accounts.staff:view'))
      throw new DomainError('forbidden', 'Sessions of others need the permission accounts.staff:view.', {
        needs: 'accounts.staff:view',
      });
    await this.staff.get({ orgId: call.orgId, _id: asked });
    return asked;
  }

  /** A session of somebody else does not exist for those who do not manage staff. */
  async #assertManages(staffId: StaffId, call: Call, tx: Tx): Promise<void> {
    const { permissions } = call.actor;
    if (permissions !== 'all' && !permits(permissions, 'accounts.staff:full'))
      throw new DomainError('not-found', 'You have no such session.');
    const staff = await this.staff.get({ orgId: call.orgId, _id: staffId }, { tx });
    await this.access.assertMayChange(call, await this.access.authorityOf(call, 'accounts.staff:full', tx), staff, tx);
  }
}
