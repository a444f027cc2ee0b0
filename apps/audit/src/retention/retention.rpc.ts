import { getAuditRetention, setAuditRetention, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { assertSeesAll } from '../whole-organization.rules.js';
import { RetentionService } from './retention.service.js';

@Controller()
export class RetentionRpc {
  constructor(private readonly retention: RetentionService) {}

  @Rpc(getAuditRetention)
  get(_input: ParsedInputOf<typeof getAuditRetention>, call: Call): Promise<OutputOf<typeof getAuditRetention>> {
    return this.retention.policy(call.orgId);
  }

  @Rpc(setAuditRetention)
  async set(input: ParsedInputOf<typeof setAuditRetention>, call: Call): Promise<OutputOf<typeof setAuditRetention>> {
    assertSeesAll(call.actor);
    return this.retention.setPolicy(call, input.days, input.version);
  }
}
