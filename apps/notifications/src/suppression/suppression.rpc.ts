import { addSuppression, listSuppressions, releaseSuppression, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SuppressionService } from './suppression.service.js';

@Controller()
export class SuppressionRpc {
  constructor(private readonly suppressions: SuppressionService) {}

  @Rpc(listSuppressions)
  async list(input: ParsedInputOf<typeof listSuppressions>, call: Call) {
    return this.suppressions.list(input, call);
  }

  @Rpc(addSuppression)
  async add(input: ParsedInputOf<typeof addSuppression>, call: Call) {
    return this.suppressions.add(input, call);
  }

  @Rpc(releaseSuppression)
  async release(input: ParsedInputOf<typeof releaseSuppression>, call: Call) {
    return this.suppressions.release(input, call);
  }
}
