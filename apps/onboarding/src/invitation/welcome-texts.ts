import { DomainError, getTemplate, type OrgId, type PropertyId } from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';

/** What the welcome mails of a property would say now, asked of the service that writes them: it can be behind nobody. */
@Injectable()
export class WelcomeTexts {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async of(orgId: OrgId, propertyId: PropertyId): Promise<string> {
    const via = { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
    try {
      return JSON.stringify((await this.rpc.call(getTemplate, { name: 'welcome', propertyId }, via)).texts);
    } catch (error) {
      // A property that it has not heard of yet has no text of its own either.
      if (!(error instanceof DomainError) || error.code !== 'not-found') throw error;
      return JSON.stringify((await this.rpc.call(getTemplate, { name: 'welcome' }, via)).texts);
    }
  }
}
