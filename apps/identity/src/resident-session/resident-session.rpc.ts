import { endResidentSession, enterResidentSession, listResidentSessions, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { EnterSessionService } from './enter-session.service.js';
import { OwnSessionsService } from './own-sessions.service.js';

@Controller()
export class ResidentSessionRpc {
  constructor(
    private readonly entering: EnterSessionService,
    private readonly own: OwnSessionsService,
  ) {}

  @Rpc(enterResidentSession)
  async enter({ refreshToken, ...client }: ParsedInputOf<typeof enterResidentSession>, call: Call) {
    return this.entering.enter(refreshToken, client, call);
  }

  @Rpc(listResidentSessions)
  async list(_input: ParsedInputOf<typeof listResidentSessions>, call: Call) {
    return this.own.list(call);
  }

  @Rpc(endResidentSession)
  async end({ sessionId }: ParsedInputOf<typeof endResidentSession>, call: Call) {
    return this.own.end(sessionId, call);
  }
}
