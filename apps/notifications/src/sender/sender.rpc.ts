import { getSender, setSender, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SenderService } from './sender.service.js';

@Controller()
export class SenderRpc {
  constructor(private readonly senders: SenderService) {}

  @Rpc(getSender)
  async get({ propertyId }: ParsedInputOf<typeof getSender>, call: Call) {
    return this.senders.get(propertyId, call);
  }

  @Rpc(setSender)
  async set(input: ParsedInputOf<typeof setSender>, call: Call) {
    return this.senders.set(input, call);
  }
}
