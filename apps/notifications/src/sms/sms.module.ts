import { CONFIG } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import { ConsentModule } from '../consent/consent.module.js';
import { EngineModule } from '../engine.module.js';
import { ConfirmationTexts } from '../hooks/confirmation-texts.js';
import { FilteredTexts } from '../hooks/filtered-texts.js';
import { InboundTextErasure } from '../hooks/inbound-text-erasure.js';
import { InboundTextRepository } from '../hooks/inbound-text.repository.js';
import { InboundTextRpc } from '../hooks/inbound-text.rpc.js';
import { InboundTextService } from '../hooks/inbound-text.service.js';
import { TwilioHookRpc } from '../hooks/twilio-hook.rpc.js';
import { TwilioHookService } from '../hooks/twilio-hook.service.js';
import { InboundTexts } from '../hooks/twilio-inbound.service.js';
import { SmsReports } from '../hooks/twilio-report.service.js';
import { AccountHold } from './account-hold.js';
import { AccountHoldRepository } from './account-hold.repository.js';
import { LocalClocks } from './local-clocks.js';
import { SmsTryRepository } from './sms-try.repository.js';
import { TwilioChannel } from './twilio-channel.js';
import { TwilioClient } from './twilio-client.js';
import { TWILIO } from './twilio.token.js';

/** Texts, both ways. */
@Module({
  imports: [ConsentModule, EngineModule],
  controllers: [InboundTextErasure, InboundTextRpc, TwilioHookRpc],
  providers: [
    { provide: TWILIO, inject: [CONFIG], useFactory: (config: NotificationsConfig) => TwilioClient.of(config) },
    AccountHold,
    AccountHoldRepository,
    ConfirmationTexts,
    FilteredTexts,
    InboundTextRepository,
    InboundTextService,
    InboundTexts,
    LocalClocks,
    SmsReports,
    SmsTryRepository,
    TwilioChannel,
    TwilioHookService,
  ],
})
export class SmsModule {}
