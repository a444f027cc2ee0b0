import { eraseAuditPerson, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { assertSeesAll } from '../whole-organization.rules.js';
import { ErasureService } from './erasure.service.js';

@Controller()
export class ErasureRpc {
  constructor(private readonly erasure: ErasureService) {}

  @Rpc(eraseAuditPerson)
  async erase(input: ParsedInputOf<typeof eraseAuditPerson>, call: Call): Promise<OutputOf<typeof eraseAuditPerson>> {
    assertSeesAll(call.actor);
    return { erased: await this.erasure.erase(call, input.personId) };
  }
}
