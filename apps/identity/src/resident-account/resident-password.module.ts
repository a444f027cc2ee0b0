import { Module } from '@nestjs/common';
import { PasswordModule } from '../password/password.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { ResidentPasswordService } from './resident-password.service.js';

@Module({ imports: [PasswordModule, ThrottleModule], providers: [ResidentPasswordService], exports: [ResidentPasswordService] })
export class ResidentPasswordModule {}
