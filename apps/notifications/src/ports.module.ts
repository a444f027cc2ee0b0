import { Global, Module } from '@nestjs/common';
import { Consents } from './audience/consents.js';
import { Channels } from './channel/channel.js';
import { ConsentModule } from './consent/consent.module.js';
import { LedgerConsents } from './consent/ledger-consents.js';
import { TemplateModule } from './template/template.module.js';
import { TemplateTexts } from './template/template-texts.js';
import { Texts } from './text/texts.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';

/** Who answers what the engine asks. One line each: whoever builds the real one puts it here. */
@Global()
@Module({
  imports: [ConsentModule, TemplateModule, UnsubscribeModule],
  providers: [Channels, { provide: Texts, useExisting: TemplateTexts }, { provide: Consents, useClass: LedgerConsents }],
  exports: [Channels, Texts, Consents],
})
export class PortsModule {}
