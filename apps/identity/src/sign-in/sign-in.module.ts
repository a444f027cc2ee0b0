import { Module } from '@nestjs/common';
import { LinkModule } from '../link/link.module.js';
import { PasswordModule } from '../password/password.module.js';
import { SessionModule } from '../session/session.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TwoFactorModule } from '../two-factor/two-factor.module.js';
import { KnownDevices } from './known-device.js';
import { RefusalReports } from './refusal-reports.js';
import { ResetRequestService } from './reset-request.service.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignInRpc } from './sign-in.rpc.js';
import { SignInService } from './sign-in.service.js';

@Module({
  imports: [LinkModule, PasswordModule, SessionModule, ThrottleModule, TwoFactorModule],
  controllers: [SignInRpc],
  providers: [KnownDevices, RefusalReports, ResetRequestService, SignInService, SignInThrottle],
})
export class SignInModule {}
