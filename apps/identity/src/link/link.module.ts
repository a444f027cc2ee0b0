import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/password.module.js';
import { SessionModule } from '../session/session.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TwoFactorModule } from '../two-factor/two-factor.module.js';
import { AcceptLinkService } from './accept-link.service.js';
import { LinkRpc } from './link.rpc.js';
import { LinkService } from './link.service.js';

@Module({
  imports: [PasswordModule, SessionModule, ThrottleModule, TwoFactorModule],
  controllers: [LinkRpc],
  providers: [AcceptLinkService, LinkService],
  exports: [LinkService],
})
export class LinkModule {}
