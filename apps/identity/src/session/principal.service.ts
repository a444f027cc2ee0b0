import type { Principal, SessionId } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Afterwards } from '../afterwards.js';
import { RoleRepository } from '../role/role.repository.js';
import { StaffRepository } from '../staff/staff.repository.js';
import { SessionRepository } from './session.repository.js';
import { sessionOver, touchEveryMs } from './session.rules.js';

@Injectable()
export class PrincipalService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly staff: StaffRepository,
    private readonly roles: RoleRepository,
    private readonly afterwards: Afterwards,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async ofSession(sessionId: SessionId): Promise<Principal> {
    const now = this.clock.now();
    const session = await this.sessions.byId(sessionId);
    if (!session || session.ended || session.expiresAt <= now) throw sessionOver();
    const { orgId, staffId, _id } = session;
    const staff = await this.staff.findOne({ orgId, _id: staffId });
    if (staff?.standing.state !== 'active') throw sessionOver();
    if (now.getTime() - session.lastUsedAt.getTime() >= touchEveryMs)
      this.afterwards.run('noting when a session was used', () => this.sessions.touch({ orgId, _id }, { lastUsedAt: now }));
    return {
      ref: `staff:${staffId}`,
      orgId,
      name: staff.name,
      permissions: await this.roles.permissionsOf(orgId, staff.roleIds),
      properties: staff.properties,
      roleIds: staff.roleIds,
      sessionId,
      expiresAt: session.expiresAt.toISOString(),
    };
  }
}
