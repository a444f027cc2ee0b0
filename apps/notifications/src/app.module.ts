import { Module } from '@nestjs/common';
import { ConsentModule } from './consent/consent.module.js';
import { EngineModule } from './engine.module.js';
import { TemplateModule } from './template/template.module.js';
import { AlertModule } from './alert/alert.module.js';
import { PortsModule } from './ports.module.js';
import { SmsModule } from './sms/sms.module.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';

@Module({
  imports: [AlertModule, PortsModule, EngineModule, ConsentModule, SmsModule, TemplateModule, UnsubscribeModule],
})
export class AppModule {}
