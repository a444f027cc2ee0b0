import { getAuditEntry, listAuditEntries, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { EntriesService } from './entries.service.js';

@Controller()
export class EntriesRpc {
  constructor(private readonly entries: EntriesService) {}

  @Rpc(listAuditEntries)
  list(input: ParsedInputOf<typeof listAuditEntries>, call: Call): Promise<OutputOf<typeof listAuditEntries>> {
    return this.entries.list(call.orgId, input, call.actor);
  }

  @Rpc(getAuditEntry)
  get(input: ParsedInputOf<typeof getAuditEntry>, call: Call): Promise<OutputOf<typeof getAuditEntry>> {
    return this.entries.get(call.orgId, input.entryId, call.actor);
  }
}
