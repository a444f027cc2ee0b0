import { Module } from '@nestjs/common';
import { ResidentPasswordModule } from '../resident-account/resident-password.module.js';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { AcceptResidentLinkService } from './accept-resident-link.service.js';
import { ResidentLinkRpc } from './resident-link.rpc.js';
import { ResidentLinkService } from './resident-link.service.js';
import { ResidentMailer } from './resident-mailer.js';
import { ResidentResetService } from './resident-reset.service.js';

@Module({
  imports: [ResidentPasswordModule, ResidentSessionModule, ThrottleModule],
  controllers: [ResidentLinkRpc],
  providers: [AcceptResidentLinkService, ResidentLinkService, ResidentMailer, ResidentResetService],
  exports: [ResidentLinkService],
})
export class ResidentLinkModule {}
