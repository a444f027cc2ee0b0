import { explainMissing, getPerson, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ExplainService } from './explain.service.js';

@Controller()
export class ExplainRpc {
  constructor(private readonly explain: ExplainService) {}

  @Rpc(explainMissing)
  async missing(input: ParsedInputOf<typeof explainMissing>, call: Call) {
    return this.explain.missing(input, call);
  }

  @Rpc(getPerson)
  async person({ personId }: ParsedInputOf<typeof getPerson>, call: Call) {
    return this.explain.person(personId, call);
  }
}
