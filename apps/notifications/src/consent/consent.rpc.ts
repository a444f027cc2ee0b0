import { getConsentStanding, listConsents, recordConsent, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ConsentService } from './consent.service.js';

@Controller()
export class ConsentRpc {
  constructor(private readonly consents: ConsentService) {}

  @Rpc(listConsents)
  list(input: ParsedInputOf<typeof listConsents>, call: Call) {
    return this.consents.list(input, call);
  }

  @Rpc(getConsentStanding)
  standing(input: ParsedInputOf<typeof getConsentStanding>, call: Call) {
    return this.consents.standing(input, call);
  }

  @Rpc(recordConsent)
  record(input: ParsedInputOf<typeof recordConsent>, call: Call) {
    return this.consents.record(input, call);
  }
}
