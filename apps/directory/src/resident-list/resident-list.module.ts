import { Module } from '@nestjs/common';
import { ResidentListRpc } from './resident-list.rpc.js';
import { ResidentListService } from './resident-list.service.js';

@Module({ controllers: [ResidentListRpc], providers: [ResidentListService], exports: [ResidentListService] })
export class ResidentListModule {}
