import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ResidentListModule } from '../resident-list/resident-list.module.js';
import { ExplainRpc } from './explain.rpc.js';
import { ExplainService } from './explain.service.js';

@Module({ imports: [PropertyModule, ResidentListModule], controllers: [ExplainRpc], providers: [ExplainService] })
export class ExplainModule {}
