import type { SignedIn } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { runAs } from '../access/proven.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { AccessTokens } from './access-tokens.js';
import { hashOf, isGenuine, parseRefreshToken, successorOf, writeRefreshToken } from './refresh-token.rules.js';
import { SessionRepository, type SessionDoc } from './session.repository.js';
import { onRefresh, rotated, sessionOver, type Client } from './session.rules.js';
import { SessionService } from './session.service.js';

@Injectable()
export class RefreshService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly sessions: SessionRepository,
    private readonly ending: SessionService,
    private readonly staff: StaffRepository,
    private readonly organizations: OrganizationRepository,
    private readonly tokens: AccessTokens,
  ) {}

  async refresh(refreshToken: string, client: Client, call: Call): Promise<SignedIn> {
    const token = parseRefreshToken(refreshToken);
    const session = token && (await this.sessions.byId(token.sessionId));
    if (!token || !session || !isGenuine(token, session.familyKey)) throw sessionOver();
    // Repeating a refresh is safe by its own rule, so its result, which holds tokens, is not kept for repeated calls.
    const refreshed = await runAs(this.work, call, session, { keepResult: false }, (tx) =>
      this.#refresh(tx, session, token.secret, client),
    );
    if (refreshed === null) throw sessionOver();
    return refreshed;
  }

  async #refresh(tx: Tx, { orgId, _id }: SessionDoc, secret: string, client: Client): Promise<SignedIn | null> {
    const session = await this.sessions.get({ orgId, _id }, { tx });
    switch (onRefresh(session, { hash: hashOf(secret), genuine: true }, tx.now)) {
      case 'rotate':
        return this.#answer(tx, await this.#rotate(tx, session, secret, client), secret);
      case 'repeat':
        return this.#answer(tx, session, secret);
      case 'reused':
        await this.ending.end(tx, session, 'token-reused');
        return null;
      case 'expired':
        await this.ending.end(tx, session, 'expired');
        return null;
      case 'ended':
      case 'refused':
        return null;
    }
  }

  #rotate(tx: Tx, session: SessionDoc, secret: string, client: Client): Promise<SessionDoc> {
    const fields = rotated(session, secret, client, tx.now);
    return this.sessions.save(tx, { ...session, ...fields, due: dueAt(fields.expiresAt) });
  }

  async #answer(tx: Tx, session: SessionDoc, secret: string): Promise<SignedIn | null> {
    const { orgId, staffId, previous } = session;
    const staff = await this.staff.get({ orgId, _id: staffId }, { tx });
    if (previous === null || staff.standing.state !== 'active') return null;
    return {
      ...this.tokens.issue({ orgId, staffId, sessionId: session._id }),
      refreshToken: writeRefreshToken(session._id, successorOf(secret, previous.nonce), session.familyKey),
      refreshExpiresAt: session.expiresAt.toISOString(),
      sessionId: session._id,
      staff: toStaff(staff),
      organization: toOrganization(await this.organizations.of(orgId, tx)),
    };
  }
}
