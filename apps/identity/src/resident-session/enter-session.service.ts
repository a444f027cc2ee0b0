import type { OutputOf, enterResidentSession } from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { runAsResident } from '../access/proven.js';
import { Afterwards } from '../afterwards.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { ResidentAccountRepository, toResidentAccount } from '../resident-account/resident-account.repository.js';
import { hashOf, isGenuine, parseRefreshToken, successorOf, writeRefreshToken } from '../session/refresh-token.rules.js';
import { onRefresh, rotated, rotatesAfterMs, sessionOver, touchEveryMs, type Client } from '../session/session.rules.js';
import { ResidentSessionRepository, type ResidentSessionDoc } from './resident-session.repository.js';
import { ResidentSessionService } from './resident-session.service.js';

type Entered = OutputOf<typeof enterResidentSession>;

/**
 * Who a cookie is, asked for every page: so a session that ended holds no more at once. Pages have no script that could
 * refresh a token, so the token of the cookie is replaced on the way, once it is some minutes old.
 */
@Injectable()
export class EnterSessionService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly sessions: ResidentSessionRepository,
    private readonly ending: ResidentSessionService,
    private readonly accounts: ResidentAccountRepository,
    private readonly organizations: OrganizationRepository,
    private readonly afterwards: Afterwards,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async enter(refreshToken: string, client: Client, call: Call): Promise<Entered> {
    const token = parseRefreshToken(refreshToken);
    const session = token && (await this.sessions.byId(token.sessionId));
    if (!token || !session || !isGenuine(token, session.familyKey)) throw sessionOver();
    const now = this.clock.now();
    if (onRefresh(session, { hash: hashOf(token.secret), genuine: true }, now) === 'rotate' && isFresh(session, now)) {
      this.#note(session, now);
      return this.#answer(session, null);
    }
    // Repeating it is safe by its own rule, so its result, which holds a token, is not kept for repeated calls.
    const next = await runAsResident(this.work, call, session, { keepResult: false }, (tx) =>
      this.#replace(tx, session, token.secret, client),
    );
    if (next === null) throw sessionOver();
    return this.#answer(next.session, next.refreshToken);
  }

  async #replace(tx: Tx, { orgId, _id }: ResidentSessionDoc, secret: string, client: Client) {
    const session = await this.sessions.get({ orgId, _id }, { tx });
    switch (onRefresh(session, { hash: hashOf(secret), genuine: true }, tx.now)) {
      case 'rotate': {
        const fields = rotated(session, secret, client, tx.now);
        const saved = await this.sessions.save(tx, { ...session, ...fields, due: dueAt(fields.expiresAt) });
        return successor(saved, secret, fields.previous.nonce);
      }
      case 'repeat':
        return session.previous && successor(session, secret, session.previous.nonce);
      case 'reused':
        await this.ending.endAll(tx, [session], 'token-reused');
        return null;
      case 'expired':
        await this.ending.endAll(tx, [session], 'expired');
        return null;
      case 'ended':
      case 'refused':
        return null;
    }
  }

  async #answer(session: ResidentSessionDoc, refreshToken: string | null): Promise<Entered> {
    const { orgId, personId } = session;
    const [account, organization] = await Promise.all([this.accounts.of(orgId, personId), this.organizations.of(orgId)]);
    if (account?.state !== 'active') throw sessionOver();
    return {
      sessionId: session._id,
      account: toResidentAccount(account),
      organization: toOrganization(organization),
      refreshToken,
      refreshExpiresAt: session.expiresAt.toISOString(),
    };
  }

  #note({ orgId, _id, lastUsedAt }: ResidentSessionDoc, now: Date): void {
    if (now.getTime() - lastUsedAt.getTime() < touchEveryMs) return;
    this.afterwards.run('noting when a session was used', () => this.sessions.touch({ orgId, _id }, { lastUsedAt: now }));
  }
}

const successor = (session: ResidentSessionDoc, secret: string, nonce: string) => ({
  session,
  refreshToken: writeRefreshToken(session._id, successorOf(secret, nonce), session.familyKey),
});

function isFresh({ startedAt, previous }: ResidentSessionDoc, now: Date): boolean {
  return now.getTime() - (previous?.rotatedAt ?? startedAt).getTime() < rotatesAfterMs;
}
