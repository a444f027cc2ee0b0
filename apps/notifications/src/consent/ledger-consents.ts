import type { Channel, MessageCategory, OrgId } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { Consents, type Consulted } from '../audience/consents.js';
import type { Standing } from '../compose/category.rules.js';
import { UnsubscribeService } from '../unsubscribe/unsubscribe.service.js';
import { ConsentLedger } from './consent-ledger.js';

/** What messages ask, answered by the ledger and the links at the end of mails. */
@Injectable()
export class LedgerConsents extends Consents {
  constructor(
    private readonly ledger: ConsentLedger,
    private readonly links: UnsubscribeService,
  ) {
    super();
  }

  override async standings(
    of: { readonly orgId: OrgId; readonly category: MessageCategory; readonly channel: Channel },
    people: readonly Consulted[],
  ): Promise<readonly Standing[]> {
    const said = await this.ledger.consents(of, people);
    return said.map((consent) => ({ consent }));
  }

  override unsubscribe(of: Parameters<Consents['unsubscribe']>[0]): { readonly page: string; readonly oneClick: string } | null {
    return this.links.linkFor(of);
  }
}
