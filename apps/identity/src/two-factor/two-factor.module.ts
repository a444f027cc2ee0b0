import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/password.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { SecondFactorService } from './second-factor.service.js';
import { TwoFactorRpc } from './two-factor.rpc.js';
import { TwoFactorService } from './two-factor.service.js';

@Module({
  imports: [PasswordModule, ThrottleModule],
  controllers: [TwoFactorRpc],
  providers: [SecondFactorService, TwoFactorService],
  exports: [SecondFactorService],
})
export class TwoFactorModule {}
