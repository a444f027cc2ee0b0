import { Module } from '@nestjs/common';
import { ExportRepository } from '../export/export.repository.js';
import { ClosingRpc } from './closing.rpc.js';
import { ClosingService } from './closing.service.js';
import { ClosingSubscriber } from './closing.subscriber.js';

@Module({ controllers: [ClosingRpc, ClosingSubscriber], providers: [ClosingService, ExportRepository] })
export class ClosingModule {}
