import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { EnterSessionService } from './enter-session.service.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { ResidentSessionExpiry } from './resident-session-expiry.js';
import { ResidentSessionRpc } from './resident-session.rpc.js';
import { ResidentSessionService } from './resident-session.service.js';
import { SessionsOfResidentService } from './sessions-of-resident.service.js';

@Module({
  imports: [AccessModule],
  controllers: [ResidentSessionRpc],
  providers: [EnterSessionService, OwnSessionsService, ResidentSessionExpiry, ResidentSessionService, SessionsOfResidentService],
  exports: [ResidentSessionService],
})
export class ResidentSessionModule {}
