import { sessionEnded, sessionStarted, type OrgId, type SessionId, type StaffId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { SessionRepository, toSession, type SessionDoc } from './session.repository.js';
import { begun, mostOpenSessions, over, type Client, type EndCause } from './session.rules.js';

/** Sessions begin and end here, always within the unit of work that is the reason for it. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async start(
    tx: Tx,
    staff: { orgId: OrgId; staffId: StaffId },
    client: Client,
  ): Promise<{ session: SessionDoc; refreshToken: string }> {
    await this.#makeRoom(tx, staff);
    const _id = this.ids.next('ses');
    const { session: fields, refreshToken } = begun(_id, client, tx.now);
    const session = await this.sessions.insert(tx, { _id, ...staff, ...fields, due: dueAt(fields.expiresAt) });
    tx.publish(sessionStarted, { session: toSession(session) }, session);
    return { session, refreshToken };
  }

  async end(tx: Tx, session: SessionDoc, cause: EndCause): Promise<void> {
    await this.endAll(tx, [session], cause);
  }

  /** All open ones of somebody, except perhaps the one they are using to ask for it. */
  async endAllOf(tx: Tx, staff: { orgId: OrgId; staffId: StaffId }, cause: EndCause, except?: SessionId): Promise<number> {
    const open = await this.sessions.openOf(staff.orgId, staff.staffId, tx);
    const ending = open.filter((session) => session._id !== except);
    await this.endAll(tx, ending, cause);
    return ending.length;
  }

  async #makeRoom(tx: Tx, { orgId, staffId }: { orgId: OrgId; staffId: StaffId }): Promise<void> {
    const open = await this.sessions.count({ orgId, staffId, ended: null }, { tx, upTo: mostOpenSessions });
    if (open < mostOpenSessions) return;
    const newestFirst = await this.sessions.openOf(orgId, staffId, tx);
    await this.endAll(tx, newestFirst.slice(mostOpenSessions - 1), 'expired');
  }

  async endAll(tx: Tx, sessions: readonly SessionDoc[], cause: EndCause): Promise<void> {
    const ended = sessions.filter((session) => session.ended === null).map((session) => ({ ...session, ...over(cause, tx.now) }));
    for (const session of await this.sessions.saveMany(tx, ended)) {
      tx.publish(sessionEnded, { session: toSession(session), cause }, session);
    }
  }
}
