import { Global, Module } from '@nestjs/common';
import { ResidentHome } from './resident-home.js';
import { ResidentNotices } from './resident-notices.js';

/** For every feature that changes an account of a resident. */
@Global()
@Module({ providers: [ResidentHome, ResidentNotices], exports: [ResidentHome, ResidentNotices] })
export class ResidentNoticeModule {}
