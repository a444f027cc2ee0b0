import {
  endResidentSession,
  endSessionsOfResident,
  enterResidentSession,
  listResidentSessions,
  listSessionsOfResident,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { EnterSessionService } from './enter-session.service.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SessionsOfResidentService } from './sessions-of-resident.service.js';

@Controller()
export class ResidentSessionRpc {
  constructor(
    private readonly entering: EnterSessionService,
    private readonly own: OwnSessionsService,
    private readonly staff: SessionsOfResidentService,
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

  @Rpc(listSessionsOfResident)
  async listOf(input: ParsedInputOf<typeof listSessionsOfResident>, call: Call) {
    return this.staff.list(input, call);
  }

  @Rpc(endSessionsOfResident)
  async endOf(input: ParsedInputOf<typeof endSessionsOfResident>, call: Call) {
    return this.staff.end(input, call);
  }
}
