import { CONFIG, type Config } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import type { identityConfig } from '../config.js';
import { SessionModule } from '../session/session.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { ChangePasswordService } from './change-password.service.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordRpc } from './password.rpc.js';
import { PasswordService } from './password.service.js';

const hasher = {
  provide: PasswordHasher,
  inject: [CONFIG],
  useFactory: (config: Config<typeof identityConfig>) =>
    new PasswordHasher({
      memoryKib: config.LEASEWIRE_ARGON2_MEMORY_KIB,
      passes: config.LEASEWIRE_ARGON2_PASSES,
      atOnce: config.LEASEWIRE_ARGON2_AT_ONCE,
      mostWaiting: config.LEASEWIRE_ARGON2_WAITING,
    }),
};

@Module({
  imports: [SessionModule, ThrottleModule],
  controllers: [PasswordRpc],
  providers: [hasher, ChangePasswordService, PasswordService],
  exports: [PasswordHasher, PasswordService],
})
export class PasswordModule {}
