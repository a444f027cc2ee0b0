import { Global, Module } from '@nestjs/common';
import { Consents, NoConsents } from './audience/consents.js';
import { Channels } from './channel/channel.js';
import { PlainTexts } from './text/plain-texts.js';
import { Texts } from './text/texts.js';

/** Who answers what the engine asks. One line each: whoever builds the real one puts it here. */
@Global()
@Module({
  providers: [Channels, { provide: Texts, useClass: PlainTexts }, { provide: Consents, useClass: NoConsents }],
  exports: [Channels, Texts, Consents],
})
export class PortsModule {}
