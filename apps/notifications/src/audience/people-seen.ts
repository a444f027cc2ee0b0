import { resolveAudience, type PersonId } from '@leasewire/contracts';
import { Assertions, RpcClient, type Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';

/** Staff speak only for people of their organization; who may not see every property, only for who lives in theirs. */
@Injectable()
export class PeopleSeen {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** Whether this person is known in a property that whoever calls may see, and, where they do not see all, is reached there. */
  async isTheirs({ orgId, actor, correlationId }: Call, personId: PersonId | null, address: string): Promise<boolean> {
    if (personId === null) return actor.properties === 'all';
    const options = { assertion: this.assertions.forService(orgId), correlationId };
    const asked = { selection: { personIds: [personId] }, properties: actor.properties, limit: 100 };
    const { items } = await this.rpc.call(resolveAudience, asked, options);
    if (actor.properties === 'all') return items.length > 0;
    return items.some(({ email, phone }) => email?.toLowerCase() === address.toLowerCase() || phone === address);
  }
}
