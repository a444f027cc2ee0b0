import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.js';
import { UnsubscribeRpc } from './unsubscribe.rpc.js';
import { UnsubscribeService } from './unsubscribe.service.js';

@Module({
  imports: [ConsentModule],
  controllers: [UnsubscribeRpc],
  providers: [UnsubscribeService],
  exports: [UnsubscribeService],
})
export class UnsubscribeModule {}
