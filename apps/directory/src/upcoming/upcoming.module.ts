import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { UpcomingRpc } from './upcoming.rpc.js';
import { UpcomingService } from './upcoming.service.js';

@Module({ imports: [PropertyModule], controllers: [UpcomingRpc], providers: [UpcomingService] })
export class UpcomingModule {}
