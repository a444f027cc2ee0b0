import { DomainError, exportAuditHead, verifyAudit, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ChainRepository } from '../chain/chain.repository.js';
import { VerifyService } from './verify.service.js';

/** So that whoever asks is answered before they stop waiting. */
const withinMs = verifyAudit.timeoutMs - 5_000;

@Controller()
export class VerifyRpc {
  constructor(
    private readonly verifying: VerifyService,
    private readonly chains: ChainRepository,
  ) {}

  @Rpc(verifyAudit)
  verify(input: ParsedInputOf<typeof verifyAudit>, call: Call): Promise<OutputOf<typeof verifyAudit>> {
    return this.verifying.verify(call.orgId, input, withinMs);
  }

  @Rpc(exportAuditHead)
  async head(_input: ParsedInputOf<typeof exportAuditHead>, call: Call): Promise<OutputOf<typeof exportAuditHead>> {
    const chain = await this.chains.find(call.orgId);
    if (!chain?.head) throw new DomainError('not-found', 'Nothing was recorded yet, so there is no head to export.');
    return chain.head;
  }
}
