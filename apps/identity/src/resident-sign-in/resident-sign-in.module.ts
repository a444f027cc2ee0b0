import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/password.module.js';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { KnownDevices } from '../sign-in/known-device.js';
import { SignInThrottle } from '../sign-in/sign-in-throttle.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { ResidentSignInRpc } from './resident-sign-in.rpc.js';
import { ResidentSignInService } from './resident-sign-in.service.js';

@Module({
  imports: [PasswordModule, ResidentSessionModule, ThrottleModule],
  controllers: [ResidentSignInRpc],
  providers: [KnownDevices, ResidentSignInService, SignInThrottle],
})
export class ResidentSignInModule {}
