import { linkDuplicate, linkResident, listDuplicates, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { DuplicateService } from './duplicate.service.js';

@Controller()
export class DuplicateRpc {
  constructor(private readonly duplicates: DuplicateService) {}

  @Rpc(listDuplicates)
  async list(input: ParsedInputOf<typeof listDuplicates>, call: Call) {
    return this.duplicates.list(input, call);
  }

  @Rpc(linkDuplicate)
  async link(input: ParsedInputOf<typeof linkDuplicate>, call: Call) {
    return this.duplicates.link(input, call);
  }

  @Rpc(linkResident)
  async linkBoth(input: ParsedInputOf<typeof linkResident>, call: Call) {
    return this.duplicates.linkBoth(input, call);
  }
}
