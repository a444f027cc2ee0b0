import { Global, Module } from '@nestjs/common';
import { Consents } from './audience/consents.js';
import { Channels } from './channel/channel.js';
import { ConsentModule } from './consent/consent.module.js';
import { LedgerConsents } from './consent/ledger-consents.js';
import { PlainTexts } from './text/plain-texts.js';
import { Texts } from './text/texts.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';

/** Who answers what the engine asks. One line each: whoever builds the real one puts it here. */
@Global()
@Module({
  imports: [ConsentModule, UnsubscribeModule],
  providers: [Channels, { provide: Texts, useClass: PlainTexts }, { provide: Consents, useClass: LedgerConsents }],
  exports: [Channels, Texts, Consents],
})
export class PortsModule {}
