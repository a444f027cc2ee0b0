import { Module } from '@nestjs/common';
import { ResidentLinkModule } from '../resident-link/resident-link.module.js';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { ActivationSubscriber } from './activation.subscriber.js';
import { OpenAccountService } from './open-account.service.js';
import { OwnAccountService } from './own-account.service.js';
import { ResidentAccountRpc } from './resident-account.rpc.js';
import { ResidentPasswordModule } from './resident-password.module.js';

@Module({
  imports: [ResidentLinkModule, ResidentPasswordModule, ResidentSessionModule],
  controllers: [ActivationSubscriber, ResidentAccountRpc],
  providers: [OpenAccountService, OwnAccountService],
})
export class ResidentAccountModule {}
