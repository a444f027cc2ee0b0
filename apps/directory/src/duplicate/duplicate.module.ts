import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ResidentModule } from '../resident/resident.module.js';
import { DuplicateRpc } from './duplicate.rpc.js';
import { DuplicateService } from './duplicate.service.js';

@Module({ imports: [PropertyModule, ResidentModule], controllers: [DuplicateRpc], providers: [DuplicateService] })
export class DuplicateModule {}
