import type { OrgId, SessionId, StaffId } from '@leasewire/contracts';
import { TokenSigner, type Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { accessTokenSeconds } from './session.rules.js';

/** What the gateway believes without asking; it says who, never what they may do. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly signer: TokenSigner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  issue(of: { orgId: OrgId; staffId: StaffId; sessionId: SessionId }): { accessToken: string; accessExpiresAt: string } {
    const accessToken = this.signer.sign('access', { sub: of.staffId, org: of.orgId, sid: of.sessionId }, accessTokenSeconds);
    return { accessToken, accessExpiresAt: new Date(this.clock.now().getTime() + accessTokenSeconds * 1000).toISOString() };
  }
}
