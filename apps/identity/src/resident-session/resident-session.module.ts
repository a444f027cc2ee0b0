import { Module } from '@nestjs/common';
import { ResidentSessionService } from './resident-session.service.js';

@Module({ providers: [ResidentSessionService], exports: [ResidentSessionService] })
export class ResidentSessionModule {}
