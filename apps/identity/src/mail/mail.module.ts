import { Global, Module } from '@nestjs/common';
import { StaffMailService } from './staff-mail.service.js';

/** For every feature that has something to tell somebody of the staff. */
@Global()
@Module({ providers: [StaffMailService], exports: [StaffMailService] })
export class MailModule {}
