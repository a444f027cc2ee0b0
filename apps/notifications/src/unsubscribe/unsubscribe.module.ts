import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { UnsubscribeRpc } from './unsubscribe.rpc.js';
import { UnsubscribeService } from './unsubscribe.service.js';

@Module({
  imports: [ConsentModule, SuppressionModule],
  controllers: [UnsubscribeRpc],
  providers: [UnsubscribeService],
  exports: [UnsubscribeService],
})
export class UnsubscribeModule {}
