import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AccessTokens } from './access-tokens.js';
import { PrincipalService } from './principal.service.js';
import { RefreshService } from './refresh.service.js';
import { SessionExpiry } from './session-expiry.js';
import { SessionListService } from './session-list.service.js';
import { SessionRpc } from './session.rpc.js';
import { SessionService } from './session.service.js';

@Module({
  imports: [AccessModule],
  controllers: [SessionRpc],
  providers: [AccessTokens, PrincipalService, RefreshService, SessionExpiry, SessionListService, SessionService],
  exports: [AccessTokens, SessionService],
})
export class SessionModule {}
