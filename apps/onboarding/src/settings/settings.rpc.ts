import {
  getInvitationSettings,
  getTerms,
  publishTerms,
  resetInvitationSettings,
  setInvitationSettings,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { TermsService } from '../terms/terms.service.js';
import { SettingsService } from './settings.service.js';

@Controller()
export class SettingsRpc {
  constructor(
    private readonly settings: SettingsService,
    private readonly terms: TermsService,
  ) {}

  @Rpc(getInvitationSettings)
  async get({ propertyId }: ParsedInputOf<typeof getInvitationSettings>, call: Call) {
    return this.settings.get(propertyId, call);
  }

  @Rpc(setInvitationSettings)
  async set(input: ParsedInputOf<typeof setInvitationSettings>, call: Call) {
    return this.settings.set(input, call);
  }

  @Rpc(resetInvitationSettings)
  async reset({ propertyId }: ParsedInputOf<typeof resetInvitationSettings>, call: Call) {
    return this.settings.reset(propertyId, call);
  }

  @Rpc(getTerms)
  async getTerms(input: ParsedInputOf<typeof getTerms>, call: Call) {
    return this.terms.get(input, call);
  }

  @Rpc(publishTerms)
  async publishTerms(input: ParsedInputOf<typeof publishTerms>, call: Call) {
    return this.terms.publish(input, call);
  }
}
