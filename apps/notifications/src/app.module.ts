import { Module } from '@nestjs/common';
import { ConsentModule } from './consent/consent.module.js';
import { EngineModule } from './engine.module.js';
import { PortsModule } from './ports.module.js';
import { SmsModule } from './sms/sms.module.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';

@Module({ imports: [PortsModule, EngineModule, ConsentModule, UnsubscribeModule, SmsModule] })
export class AppModule {}
