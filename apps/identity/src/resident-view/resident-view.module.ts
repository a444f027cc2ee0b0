import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ResidentViewRpc } from './resident-view.rpc.js';
import { ResidentViewService } from './resident-view.service.js';

@Module({ imports: [AccessModule], controllers: [ResidentViewRpc], providers: [ResidentViewService] })
export class ResidentViewModule {}
