import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/password.module.js';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { OpenAccountService } from './open-account.service.js';
import { ResidentAccountRpc } from './resident-account.rpc.js';
import { ResidentPasswordService } from './resident-password.service.js';

@Module({
  imports: [PasswordModule, ResidentSessionModule, ThrottleModule],
  controllers: [ResidentAccountRpc],
  providers: [OpenAccountService, ResidentPasswordService],
  exports: [ResidentPasswordService],
})
export class ResidentAccountModule {}
