import { Module } from '@nestjs/common';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { SuppressionRepository } from './suppression.repository.js';
import { SuppressionRpc } from './suppression.rpc.js';
import { SuppressionService } from './suppression.service.js';

@Module({
  controllers: [SuppressionRpc],
  providers: [DeliveryRepository, SuppressionRepository, SuppressionService],
  exports: [DeliveryRepository, SuppressionRepository, SuppressionService],
})
export class SuppressionModule {}
