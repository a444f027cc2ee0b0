import {
  residentSessionEnded,
  residentSessionStarted,
  type OrgId,
  type PersonId,
  type ResidentSessionEnd,
  type SessionId,
} from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { begun, mostOpenSessions, over, type Client } from '../session/session.rules.js';
import { ResidentSessionRepository, toResidentSession, type ResidentSessionDoc } from './resident-session.repository.js';

export interface Who {
  readonly orgId: OrgId;
  readonly personId: PersonId;
}

/** Sessions of residents begin and end here, by the rules that sessions of staff have. */
@Injectable()
export class ResidentSessionService {
  constructor(
    private readonly sessions: ResidentSessionRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async start(tx: Tx, { orgId, personId }: Who, client: Client) {
    const open = await this.sessions.openOf(orgId, personId, tx);
    await this.endAll(tx, open.slice(mostOpenSessions - 1), 'expired');
    const _id = this.ids.next('ses');
    const { session: fields, refreshToken } = begun(_id, client, tx.now);
    const session = await this.sessions.insert(tx, { _id, orgId, personId, ...fields, due: dueAt(fields.expiresAt) });
    tx.publish(residentSessionStarted, { session: toResidentSession(session) }, session);
    return { session, refreshToken };
  }

  /** All open ones of somebody, except perhaps the one they are using to ask for it. */
  async endAllOf(tx: Tx, { orgId, personId }: Who, cause: ResidentSessionEnd, except?: SessionId): Promise<number> {
    const ending = (await this.sessions.openOf(orgId, personId, tx)).filter(({ _id }) => _id !== except);
    await this.endAll(tx, ending, cause);
    return ending.length;
  }

  async endAll(tx: Tx, sessions: readonly ResidentSessionDoc[], cause: ResidentSessionEnd): Promise<void> {
    const ending = sessions.filter(({ ended }) => ended === null).map((session) => ({ ...session, ...over(cause, tx.now) }));
    for (const session of await this.sessions.saveMany(tx, ending))
      tx.publish(residentSessionEnded, { session: toResidentSession(session), cause }, session);
  }
}
