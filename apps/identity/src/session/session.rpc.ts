import { endSession, endSessions, listSessions, refreshSession, resolveSession, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { PrincipalService } from './principal.service.js';
import { RefreshService } from './refresh.service.js';
import { SessionListService } from './session-list.service.js';

@Controller()
export class SessionRpc {
  constructor(
    private readonly principals: PrincipalService,
    private readonly refreshing: RefreshService,
    private readonly sessions: SessionListService,
  ) {}

  @Rpc(refreshSession)
  async refresh({ refreshToken, ...client }: ParsedInputOf<typeof refreshSession>, call: Call) {
    return this.refreshing.refresh(refreshToken, client, call);
  }

  @Rpc(resolveSession)
  async resolve({ sessionId }: ParsedInputOf<typeof resolveSession>) {
    return this.principals.ofSession(sessionId);
  }

  @Rpc(listSessions)
  async list(input: ParsedInputOf<typeof listSessions>, call: Call) {
    return this.sessions.list(input, call);
  }

  @Rpc(endSession)
  async end({ sessionId }: ParsedInputOf<typeof endSession>, call: Call) {
    return this.sessions.end(sessionId, call);
  }

  @Rpc(endSessions)
  async endAll(input: ParsedInputOf<typeof endSessions>, call: Call) {
    return this.sessions.endAll(input, call);
  }
}
