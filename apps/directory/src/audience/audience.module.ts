import { Module } from '@nestjs/common';
import { ResidentListModule } from '../resident-list/resident-list.module.js';
import { AudienceRpc } from './audience.rpc.js';
import { AudienceService } from './audience.service.js';

@Module({ imports: [ResidentListModule], controllers: [AudienceRpc], providers: [AudienceService] })
export class AudienceModule {}
