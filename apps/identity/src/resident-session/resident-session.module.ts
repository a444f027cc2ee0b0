import { Module } from '@nestjs/common';
import { EnterSessionService } from './enter-session.service.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { ResidentSessionExpiry } from './resident-session-expiry.js';
import { ResidentSessionRpc } from './resident-session.rpc.js';
import { ResidentSessionService } from './resident-session.service.js';

@Module({
  controllers: [ResidentSessionRpc],
  providers: [EnterSessionService, OwnSessionsService, ResidentSessionExpiry, ResidentSessionService],
  exports: [ResidentSessionService],
})
export class ResidentSessionModule {}
