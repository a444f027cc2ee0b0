import { sessionEnded, sessionStarted, type OrgId, type SessionId, type StaffId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { hashOf, newFamilyKey, newRefreshSecret, writeRefreshToken } from './refresh-token.rules.js';
import { SessionRepository, toSession, type SessionDoc } from './session.repository.js';
import { expiryOf, type EndCause } from './session.rules.js';

/** Nobody has so many devices; a program that signs in for every request has. Its oldest sessions end. */
export const mostOpenSessions = 50;
const keepEndedMs = 90 * 86_400_000;

export interface Client {
  readonly address: string;
  readonly userAgent: string;
}

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
    const [secret, familyKey] = [newRefreshSecret(), newFamilyKey()];
    const expiresAt = expiryOf(tx.now, tx.now);
    const session = await this.sessions.insert(tx, {
      _id: this.ids.next('ses'),
      ...staff,
      startedAt: tx.now,
      lastUsedAt: tx.now,
      expiresAt,
      ...shortened(client),
      familyKey,
      refreshHash: hashOf(secret),
      previous: null,
      ended: null,
      due: dueAt(expiresAt),
      purgeAt: null,
    });
    tx.publish(sessionStarted, { session: toSession(session) }, session);
    return { session, refreshToken: writeRefreshToken(session._id, secret, familyKey) };
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
    const purgeAt = new Date(tx.now.getTime() + keepEndedMs);
    const ended = sessions
      .filter((session) => session.ended === null)
      .map((session) => ({ ...session, ended: { at: tx.now, cause }, due: undefined, purgeAt }));
    for (const session of await this.sessions.saveMany(tx, ended)) {
      tx.publish(sessionEnded, { session: toSession(session), cause }, session);
    }
  }
}

export const shortened = (client: Client): Client => ({
  address: client.address.slice(0, 64),
  userAgent: client.userAgent.slice(0, 300),
});
