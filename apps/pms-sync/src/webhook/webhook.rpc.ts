import { receiveWebhook, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { WebhookService } from './webhook.service.js';

@Controller()
export class WebhookRpc {
  constructor(private readonly webhooks: WebhookService) {}

  @Rpc(receiveWebhook)
  receive(input: ParsedInputOf<typeof receiveWebhook>) {
    return this.webhooks.receive(input);
  }
}
